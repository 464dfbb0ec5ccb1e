#include "guard/spraying.h"

#include <algorithm>

namespace gatehouse::guard {

std::uint64_t& Spraying::of_minute(std::int64_t minute) noexcept {
  return minutes_.at(static_cast<std::size_t>(minute % kMinutes));
}

void Spraying::advance(TimePoint now) noexcept {
  const std::int64_t minute =
      std::chrono::duration_cast<std::chrono::minutes>(now.time_since_epoch()).count();
  if (first_ < 0) first_ = minute_ = minute;
  for (std::int64_t i = std::max(minute_ + 1, minute - kMinutes + 1); i <= minute; ++i) {
    // A minute that becomes one of those before. What a spray has left in it is not usual.
    if (lasting_ && i - kRecent >= first_) {
      std::uint64_t& passed = of_minute(i - kRecent);
      passed = std::min(passed, usual_ / kRecent);
    }
    of_minute(i) = 0;
  }
  minute_ = std::max(minute_, minute);
}

/// The failures of the minutes that began `from` to `to` minutes ago, that one not included.
std::uint64_t Spraying::sum(std::int64_t from, std::int64_t to) noexcept {
  std::uint64_t sum = 0;
  for (std::int64_t ago = from; ago < to && minute_ - ago >= first_; ++ago) {
    sum += of_minute(minute_ - ago);
  }
  return sum;
}

void Spraying::note(std::uint64_t failures, TimePoint now) noexcept {
  advance(now);
  of_minute(minute_) += failures;
}

void Spraying::see(std::uint32_t count, TimePoint now) noexcept {
  note(seen_ && count > *seen_ ? count - *seen_ : 0, now);
  seen_ = count;
}

std::uint64_t Spraying::recent(TimePoint now) noexcept {
  advance(now);
  return sum(0, kRecent);
}

bool Spraying::lasting(TimePoint now) noexcept {
  constexpr std::uint64_t kBegins = 5;
  constexpr std::uint64_t kEnds = 2;
  const std::uint64_t recent_failures = recent(now);
  const std::int64_t before = std::min(kMinutes, minute_ - first_ + 1) - kRecent;
  if (before <= kRecent) return false;
  if (!lasting_) {
    usual_ = sum(kRecent, kMinutes) * static_cast<std::uint64_t>(kRecent) /
             static_cast<std::uint64_t>(before);
  }
  lasting_ = recent_failures >= kLeast && recent_failures >= usual_ * (lasting_ ? kEnds : kBegins);
  return lasting_;
}

}  // namespace gatehouse::guard
