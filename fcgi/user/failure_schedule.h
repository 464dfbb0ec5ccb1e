/// When a failed login is answered, so that its time tells nothing but how many others there were.
///
/// The problem: what a failure computes takes longer beside others, and for some functions more so
/// than for others (password/kdf/turn.h). So it is answered at a multiple of its tick that is large
/// enough for all that are under way. How many there are is looked at when the login begins and
/// when the answer would be given, but not when its computing ends: that moment depends on the
/// function, and whoever has more logins begin just after it would see which one it was.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace gatehouse::user {

/// The times of one failed login. For one thread at a time.
class FailureSchedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The login began to compute at `begin`, when password::crowding() gave `crowding`. `tick` (over
  /// 0) is what a failure takes at most when it is alone.
  FailureSchedule(Time begin, unsigned crowding, std::chrono::milliseconds tick) noexcept
      : begin_(begin), tick_(tick), crowding_(limited(crowding)) {}

  /// When to answer what is computed by now. Only where that took longer than was foreseen, it
  /// matters how crowded it is now.
  [[nodiscard]] Time first(Time now, unsigned crowding) noexcept {
    if (now >= begin_ + crowding_ * tick_) crowding_ = std::max(crowding_, limited(crowding));
    const auto step = crowding_ * tick_;
    return begin_ + ((now - begin_) / step + 1) * step;
  }
  /// To be asked when the time has come: a later one, if it has become more crowded meanwhile.
  [[nodiscard]] std::optional<Time> later(Time now, unsigned crowding) noexcept {
    if (limited(crowding) <= crowding_) return std::nullopt;
    crowding_ = limited(crowding);
    const Time at = begin_ + crowding_ * tick_;
    return at > now ? std::optional(at) : std::nullopt;
  }

 private:
  /// nginx waits 30 s for an answer.
  [[nodiscard]] unsigned limited(unsigned crowding) const noexcept {
    constexpr std::chrono::seconds kLongest{20};
    const auto most = static_cast<unsigned>(std::max<std::int64_t>(1, kLongest / tick_));
    return std::clamp(crowding, 1U, most);
  }

  Time begin_;
  std::chrono::milliseconds tick_;
  unsigned crowding_;
};

}  // namespace gatehouse::user
