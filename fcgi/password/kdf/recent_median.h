/// The median of the last runs of something whose time varies.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace gatehouse::password {

/// The median of the last 15 runs. Not thread-safe.
class RecentMedian {
 public:
  void add(std::chrono::nanoseconds run) noexcept;
  /// Zero if there was none.
  [[nodiscard]] std::chrono::nanoseconds value() const noexcept;

 private:
  static constexpr std::size_t kRuns = 15;
  std::array<std::chrono::nanoseconds, kRuns> runs_{};
  std::size_t count_ = 0;
};

}  // namespace gatehouse::password
