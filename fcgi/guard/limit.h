/// How long failures keep the next guess waiting.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "guard/failure_table.h"

namespace gatehouse::guard {

/// The limit of a count, which stays until it is cleared: `free` failures have no wait; the next
/// waits `first` after the last failure, each further one twice as long, `most` at most. A guess
/// that is refused changes nothing: else whoever keeps asking would hold the door shut.
struct Limit {
  std::uint32_t free;
  std::chrono::seconds first;
  std::chrono::seconds most;

  /// How long after its last failure this count keeps the next guess waiting.
  [[nodiscard]] std::chrono::seconds wait_after(std::uint32_t count) const noexcept {
    constexpr std::uint32_t kMostDoublings = 20;
    if (count < free) return std::chrono::seconds(0);
    return std::min(most, first * (1 << std::min(count - free, kMostDoublings)));
  }
  /// The rest of the wait; zero if a guess may be made now.
  [[nodiscard]] BootTime::duration left(const Failures& failures, TimePoint now) const noexcept {
    const auto wait = wait_after(failures.count);
    return std::max<BootTime::duration>(BootTime::duration(0), failures.last + wait - now);
  }
};

/// The limit of an address: a leaky bucket, which holds `burst` failures and loses one in each
/// `each`. It is kept as the time at which it is empty, so that a failure moves that time by `each`
/// and a success moves it back, in whatever order hosts do so: nothing has to be decayed first.
struct Rate {
  std::uint32_t burst;
  std::chrono::seconds each;

  /// How long until one failure more has room.
  [[nodiscard]] BootTime::duration left(TimePoint empty_at, TimePoint now) const noexcept {
    return std::max<BootTime::duration>(BootTime::duration(0),
                                        empty_at - now - each * (std::int64_t{burst} - 1));
  }
  /// The fullest that a bucket may be. Guesses that come to several hosts in one moment fill it
  /// over its brim, and must be paid for, or each host would let one through each time. But a wait
  /// must stay short.
  [[nodiscard]] TimePoint fullest(TimePoint now) const noexcept {
    constexpr std::int64_t kOverBrim = 4;
    return now + each * (std::int64_t{burst} + kOverBrim);
  }
};

}  // namespace gatehouse::guard
