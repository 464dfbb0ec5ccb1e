/// Keeps events that anybody can cause as often as they like from filling the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/guarded.h"

namespace gatehouse {

/// Lets `most` occurrences in each interval through, and counts the others. Unlike Repeated, which
/// tells of one trouble, it is for occurrences that differ: each address that is throttled is worth
/// a line of its own, but a million of them are not. Thread-safe. The clock must outlive the
/// object.
class Bounded {
 public:
  explicit Bounded(std::uint32_t most, const Clock& clock = system_clock(),
                   std::chrono::seconds interval = std::chrono::seconds{60})
      : clock_{clock}, most_{most}, interval_{interval} {}

  /// Counts one occurrence. If it is to be told: how many before it were not; else nothing.
  [[nodiscard]] std::optional<std::uint64_t> happened() {
    return state_.with([&](State& state) -> std::optional<std::uint64_t> {
      const TimePoint now = clock_.now();
      if (!state.begun || now - *state.begun >= interval_) {
        state.begun = now;
        state.told = 0;
      }
      if (state.told >= most_) {
        ++state.untold;
        return std::nullopt;
      }
      ++state.told;
      const std::uint64_t untold = state.untold;
      state.untold = 0;
      return untold;
    });
  }

 private:
  static const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
  }

  struct State {
    std::optional<TimePoint> begun;  // of the interval
    std::uint32_t told = 0;          // in it
    std::uint64_t untold = 0;        // since the last that was told
  };

  const Clock& clock_;
  const std::uint32_t most_;
  const std::chrono::seconds interval_;
  Guarded<State> state_;
};

}  // namespace gatehouse
