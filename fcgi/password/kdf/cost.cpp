#include "password/kdf/cost.h"

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

std::uint64_t share_of(std::uint64_t count, double share) noexcept {
  return static_cast<std::uint64_t>(static_cast<double>(count) * share);
}

unsigned halvings_to(double share) noexcept {
  unsigned halvings = 0;
  double left = 1;
  while (left > share && halvings < 64) {
    left /= 2;
    ++halvings;
  }
  return halvings;
}

Cost cost_of_rounds(std::uint64_t rounds, std::uint64_t blocks_a_round,
                    const RoundCost& round) noexcept {
  return cost_of(rounds,
                 saturating_add(round.picoseconds,
                                saturating_multiply(blocks_a_round, round.picoseconds_a_block)));
}

Cost cost_of(std::uint64_t units, std::uint64_t picoseconds, std::uint64_t memory_bytes) noexcept {
  // This is at most 2^64 / 1000, which the signed count of nanoseconds holds.
  const std::uint64_t nanoseconds = saturating_multiply(units, picoseconds) / 1000;
  return {std::chrono::nanoseconds(nanoseconds), memory_bytes};
}

}  // namespace gatehouse::password
