/// The cost of a hash, known from its parameters before anything is computed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::password {

/// The cost is stated in CPU time of the reference machine, not of this one. So a limit means the
/// same on every host, and two costs compare without a measurement. Each Kdf holds the rate of its
/// function, measured by `tests/bench/run.sh password`.
struct Cost {
  std::chrono::nanoseconds time{0};
  std::size_t memory_bytes = 0;
};
/// The most that a hash may cost: Password::max_cost of the settings.
struct Limits {
  std::chrono::nanoseconds time;
  std::size_t memory_bytes;
};
[[nodiscard]] bool within(const Cost& cost, const Limits& limits) noexcept;

/// These stop at the largest value instead of wrapping. Parameters come from a table that the site
/// fills: with a product that wraps, a hash that asks for too much would look cheap.
[[nodiscard]] std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) noexcept;
[[nodiscard]] std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) noexcept;

/// The rate of a function that hashes the password again in each round: what a round takes in any
/// case, and what each block adds that the digest compresses.
struct RoundCost {
  std::uint64_t picoseconds;
  std::uint64_t picoseconds_a_block;
};
[[nodiscard]] Cost cost_of_rounds(std::uint64_t rounds, std::uint64_t blocks_a_round,
                                  const RoundCost& round) noexcept;

/// `share` (0 to 1) of `count`, rounded down.
[[nodiscard]] std::uint64_t share_of(std::uint64_t count, double share) noexcept;
/// How often to halve until at most `share` (over 0) is left.
[[nodiscard]] unsigned halvings_to(double share) noexcept;

/// The cost of `units` of work that take `picoseconds` each.
[[nodiscard]] Cost cost_of(std::uint64_t units, std::uint64_t picoseconds,
                           std::uint64_t memory_bytes = 0) noexcept;

}  // namespace gatehouse::password
