/// A clock that stands still until a test advances it.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace gatehouse::test {

/// Thread-safe: threads that are tested read it while the test advances it.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override {
    return TimePoint(BootTime::duration(since_boot_));
  }
  void advance(BootTime::duration by) noexcept { since_boot_ += by.count(); }

 private:
  std::atomic<BootTime::rep> since_boot_{BootTime::duration(std::chrono::hours(1)).count()};
};

}  // namespace gatehouse::test
