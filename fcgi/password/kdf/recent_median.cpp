#include "password/kdf/recent_median.h"

#include <algorithm>

namespace gatehouse::password {

void RecentMedian::add(std::chrono::nanoseconds run) noexcept {
  runs_.at(count_ % kRuns) = run;
  ++count_;
}

std::chrono::nanoseconds RecentMedian::value() const noexcept {
  auto sorted = runs_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kRuns));
  if (end == sorted.begin()) return std::chrono::nanoseconds(0);
  const auto middle = sorted.begin() + (end - sorted.begin()) / 2;
  std::nth_element(sorted.begin(), middle, end);
  return *middle;
}

}  // namespace gatehouse::password
