#include "base/clock.h"

#include <ctime>

namespace gatehouse {

TimePoint SystemClock::now() const noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace gatehouse
