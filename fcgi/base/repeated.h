/// Says when something that keeps happening is worth a line in the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/guarded.h"

namespace gatehouse {

/// One object stands for one kind of trouble. The first occurrence is logged, then one a minute
/// while it lasts, and its end once. Trouble that comes and goes several times within a minute
/// gives one beginning and one end, so that nobody can fill the log by making it flap.
///
///     if (failing_.happened())
///       spdlog::error("The list cannot be read ({} times since the last line)", failing_.count());
///     ...
///     if (failing_.over()) spdlog::info("The list can be read again");
///
/// Thread-safe. The clock must outlive the object.
class Repeated {
 public:
  explicit Repeated(const Clock& clock = system_clock(),
                    std::chrono::seconds interval = std::chrono::seconds{60})
      : clock_{clock}, interval_{interval} {}

  /// Counts one occurrence. True if it is to be logged: nothing was for the length of the interval.
  [[nodiscard]] bool happened() {
    return state_.with([&](State& state) {
      ++state.unlogged;
      const TimePoint now = clock_.now();
      if (state.logged_at && now - *state.logged_at < interval_) return false;
      state.logged_at = now;
      state.lasting = true;
      state.count = state.unlogged;
      state.unlogged = 0;
      return true;
    });
  }

  /// To be called when all is well. True once after a happened() that was true; then count() is
  /// the number of occurrences that no line has told of yet.
  [[nodiscard]] bool over() {
    return state_.with([](State& state) {
      if (!state.lasting) return false;
      state.lasting = false;
      state.count = state.unlogged;
      state.unlogged = 0;
      return true;
    });
  }

  /// The number of occurrences that the latest true answer stands for: those since the line before
  /// it, this one included. With several threads it may belong to another thread's answer.
  [[nodiscard]] std::uint64_t count() const {
    return state_.with([](const State& state) { return state.count; });
  }

 private:
  static const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
  }

  struct State {
    std::optional<TimePoint> logged_at;
    bool lasting = false;  // a line has told of it, and none of its end
    std::uint64_t unlogged = 0;
    std::uint64_t count = 0;
  };

  const Clock& clock_;
  const std::chrono::seconds interval_;
  Guarded<State> state_;
};

}  // namespace gatehouse
