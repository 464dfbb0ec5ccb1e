/// What computing a hash takes, known from its parameters before anything is computed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gatehouse::password {

/// In CPU time of the reference machine (cost.cpp has its rates), not of this one: so a limit means
/// the same on every host, and costs compare without a measurement.
struct Cost {
  std::chrono::nanoseconds time{0};
  std::size_t memory_bytes = 0;
};
struct Limits {
  std::chrono::nanoseconds time;
  std::size_t memory_bytes;
};
[[nodiscard]] bool within(const Cost& cost, const Limits& limits) noexcept;

/// Products and sums that stop at the largest value instead of wrapping: parameters come from a
/// table that we do not own.
[[nodiscard]] std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) noexcept;
[[nodiscard]] std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) noexcept;

/// A round of a function that hashes its password again in each: what it takes at all, and for each
/// block that the digest compresses. (Measured: tests/bench/run.sh password.)
struct RoundCost {
  std::uint64_t picoseconds;
  std::uint64_t picoseconds_a_block;
};
[[nodiscard]] Cost cost_of_rounds(std::uint64_t rounds, std::uint64_t blocks_a_round,
                                  const RoundCost& round) noexcept;

/// That share (0 to 1) of a count.
[[nodiscard]] std::uint64_t share_of(std::uint64_t count, double share) noexcept;
/// How often one halves until at most that share (over 0) is left.
[[nodiscard]] unsigned halvings_to(double share) noexcept;

/// `units` of work at `picoseconds` each.
[[nodiscard]] Cost cost_of(std::uint64_t units, std::uint64_t picoseconds,
                           std::uint64_t memory_bytes = 0) noexcept;

}  // namespace gatehouse::password
