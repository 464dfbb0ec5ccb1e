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

/// `units` of work at `picoseconds` each.
[[nodiscard]] Cost cost_of(std::uint64_t units, std::uint64_t picoseconds,
                           std::uint64_t memory_bytes = 0) noexcept;

}  // namespace gatehouse::password
