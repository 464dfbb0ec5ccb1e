/// Notices that one password is tried at many names: failures everywhere, and none of them many.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace gatehouse::guard {

/// Compares the failures of the last five minutes with those of the 55 minutes before, as far back
/// as it has seen them. It holds that somebody sprays when there are at least 50 and five times as
/// many as usual, until there are less than twice as many. What comes meanwhile does not become
/// usual. In its first ten minutes it does not know what is usual, and says nothing. For one thread
/// at a time.
class Spraying {
 public:
  static constexpr std::uint64_t kLeast = 50;

  /// Begins at the first call of these two.
  void note(std::uint64_t failures, TimePoint now) noexcept;
  /// Notes how far a count has grown since it was seen last: one that only grows, unless it begins
  /// anew.
  void see(std::uint32_t count, TimePoint now) noexcept;
  [[nodiscard]] bool lasting(TimePoint now) noexcept;
  /// What lasting() has given last.
  [[nodiscard]] bool lasted() const noexcept { return lasting_; }
  /// The failures of the last five minutes.
  [[nodiscard]] std::uint64_t recent(TimePoint now) noexcept;

 private:
  static constexpr std::int64_t kMinutes = 60;
  static constexpr std::int64_t kRecent = 5;

  void advance(TimePoint now) noexcept;
  [[nodiscard]] std::uint64_t& of_minute(std::int64_t minute) noexcept;
  [[nodiscard]] std::uint64_t sum(std::int64_t from, std::int64_t to) noexcept;

  std::array<std::uint64_t, kMinutes> minutes_{};
  std::int64_t first_ = -1;  ///< minute, since the boot; -1 before the first call
  std::int64_t minute_ = 0;  ///< the current one
  std::uint64_t usual_ = 0;  ///< in five minutes; what it was before, while somebody sprays
  bool lasting_ = false;
  std::optional<std::uint32_t> seen_;  ///< by see()
};

}  // namespace gatehouse::guard
