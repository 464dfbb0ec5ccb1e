/// How long a count of failures keeps the next guess waiting.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "guard/failure_table.h"

namespace gatehouse::guard {

/// `free` failures have no wait; the next waits `first` after the last failure, each further one
/// twice as long, `most` at most. A guess that is refused changes nothing: else whoever keeps
/// asking would hold the door shut.
struct Limit {
  std::uint32_t free;
  std::chrono::seconds first;
  std::chrono::seconds most;
  /// One failure is forgotten in this time; never, if it is zero.
  std::chrono::seconds forget{0};

  /// What is left of the failures now.
  [[nodiscard]] Failures remembered(Failures failures, TimePoint now) const noexcept {
    if (forget.count() == 0 || failures.count == 0) return failures;
    const auto forgotten = std::max<std::int64_t>(0, (now - failures.last) / forget);
    failures.count -=
        static_cast<std::uint32_t>(std::min<std::int64_t>(forgotten, std::int64_t{failures.count}));
    return failures;
  }
  /// How long after its last failure this count keeps the next guess waiting.
  [[nodiscard]] std::chrono::seconds wait_after(std::uint32_t count) const noexcept {
    constexpr std::uint32_t kMostDoublings = 20;
    if (count < free) return std::chrono::seconds(0);
    return std::min(most, first * (1 << std::min(count - free, kMostDoublings)));
  }
  /// The rest of the wait; zero if a guess may be made now.
  [[nodiscard]] BootTime::duration left(const Failures& failures, TimePoint now) const noexcept {
    const auto wait = wait_after(remembered(failures, now).count);
    return std::max<BootTime::duration>(BootTime::duration(0), failures.last + wait - now);
  }
};

}  // namespace gatehouse::guard
