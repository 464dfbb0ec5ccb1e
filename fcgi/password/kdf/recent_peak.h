/// How much there was of something at most of late.
#pragma once

#include <algorithm>
#include <chrono>

namespace gatehouse::password {

/// The most in this second and the one before, by the clock that its caller has. Not thread-safe.
class RecentPeak {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(Time now, unsigned amount) noexcept {
    pass_to(now);
    this_second_ = std::max(this_second_, amount);
  }
  [[nodiscard]] unsigned value(Time now) noexcept {
    pass_to(now);
    return std::max(this_second_, second_before_);
  }

 private:
  void pass_to(Time now) noexcept {
    const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    if (second == second_) return;
    const bool next = second == second_ + std::chrono::seconds(1);
    second_before_ = next ? this_second_ : 0;
    this_second_ = 0;
    second_ = second;
  }

  std::chrono::seconds second_{0};
  unsigned this_second_ = 0;
  unsigned second_before_ = 0;
};

}  // namespace gatehouse::password
