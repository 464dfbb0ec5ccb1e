#include "password/cost.h"

#include <algorithm>
#include <limits>

namespace gatehouse::password {

bool within(const Cost& cost, const Limits& limits) noexcept {
  return cost.time <= limits.time && cost.memory_bytes <= limits.memory_bytes;
}

std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max()
                                                : product;
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

Cost cost_of(std::uint64_t units, std::uint64_t picoseconds, std::uint64_t memory_bytes) noexcept {
  // At most 2^64 / 1000, which the signed count of nanoseconds holds.
  const std::uint64_t nanoseconds = saturating_multiply(units, picoseconds) / 1000;
  return {std::chrono::nanoseconds(nanoseconds), memory_bytes};
}

}  // namespace gatehouse::password
