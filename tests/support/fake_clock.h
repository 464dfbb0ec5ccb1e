/// A clock that stands still until a test advances it.
#pragma once

#include "base/clock.h"

namespace gatehouse::test {

class FakeClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override { return now_; }
  void advance(BootTime::duration by) noexcept { now_ += by; }

 private:
  TimePoint now_{std::chrono::hours(1)};
};

}  // namespace gatehouse::test
