/// The one clock of the program.
#pragma once

#include <chrono>

namespace gatehouse {

/// Time since boot, suspended time included (CLOCK_BOOTTIME): it never jumps.
struct BootTime {
  using rep = std::chrono::nanoseconds::rep;
  using period = std::chrono::nanoseconds::period;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<BootTime>;
  // NOLINTNEXTLINE(readability-identifier-naming): the name that a chrono clock has
  static constexpr bool is_steady = true;
};
using TimePoint = BootTime::time_point;

/// Says what time it is, so that tests can say it instead (tests/support/fake_clock.h).
/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override;
};

}  // namespace gatehouse
