#include "guard/spraying.h"

#include <algorithm>

namespace gatehouse::guard {

void Spraying::advance(TimePoint now) noexcept {
  const std::int64_t minute =
      std::chrono::duration_cast<std::chrono::minutes>(now.time_since_epoch()).count();
  for (std::int64_t i = std::max(minute_ + 1, minute - kMinutes + 1); i <= minute; ++i) {
    minutes_.at(static_cast<std::size_t>(i % kMinutes)) = 0;
  }
  minute_ = std::max(minute_, minute);
}

/// The failures of the minutes that began `from` to `to` minutes ago, that one not included.
std::uint64_t Spraying::sum(std::int64_t from, std::int64_t to) const noexcept {
  std::uint64_t sum = 0;
  for (std::int64_t ago = from; ago < to && ago <= minute_; ++ago) {
    sum += minutes_.at(static_cast<std::size_t>((minute_ - ago) % kMinutes));
  }
  return sum;
}

void Spraying::failed(TimePoint now) noexcept {
  advance(now);
  ++minutes_.at(static_cast<std::size_t>(minute_ % kMinutes));
}

std::uint64_t Spraying::recent(TimePoint now) noexcept {
  advance(now);
  return sum(0, kRecent);
}

bool Spraying::lasting(TimePoint now) noexcept {
  constexpr std::uint64_t kBegins = 5;
  constexpr std::uint64_t kEnds = 2;
  constexpr std::uint64_t kParts = (kMinutes - kRecent) / kRecent;
  const std::uint64_t recent_failures = recent(now);
  const std::uint64_t before = sum(kRecent, kMinutes);
  const std::uint64_t times = lasting_ ? kEnds : kBegins;
  lasting_ = recent_failures >= kLeast && recent_failures * kParts >= before * times;
  return lasting_;
}

}  // namespace gatehouse::guard
