#include "session/sync/readiness.h"

#include <pthread.h>

#include <utility>

#include "base/log.h"

namespace gatehouse::session {

Readiness::Readiness(const Clock& clock, Probe probe)
    : clock_(clock),
      probe_(std::move(probe)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Readiness::~Readiness() = default;

std::optional<bool> Readiness::ask(Patience patience) {
  auto answer = state_.with([&](const State& state) { return known(state); });
  if (answer || patience == Patience::none) return answer;
  state_.change([&](State& state) {
    answer = known(state);
    if (!answer) state.wanted = true;
  });
  if (answer) return answer;
  state_.wait_for(std::stop_token(), kLongest,
                  [&](const State& state) { return (answer = known(state)).has_value(); });
  return answer.value_or(false);
}

std::optional<bool> Readiness::known(const State& state) const {
  const TimePoint now = clock_.now();
  if (state.running_since && now - *state.running_since >= kLongest) return false;
  if (state.found_at && now - *state.found_at < kGood) return state.found;
  return std::nullopt;
}

void Readiness::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "readiness");
  TimePoint begun;
  const auto begin = [&](State& state) {
    state.wanted = false;
    begun = clock_.now();
    state.running_since = begun;
  };
  while (state_.wait(
      stop, [](const State& state) { return state.wanted; }, begin)) {
    note(probe_(), begun);
  }
}

void Readiness::note(const Result<void>& probed, TimePoint begun) {
  if (!probed && troubles_.happened())
    spdlog::warn("not ready, /readyz answers 503: {}", probed.error().what);
  if (probed && troubles_.over()) spdlog::info("ready again, /readyz answers 200");
  state_.change([&](State& state) {
    const TimePoint now = clock_.now();
    state.running_since.reset();
    state.found = probed.has_value() && now - begun < kLongest;
    state.found_at = now;
  });
}

}  // namespace gatehouse::session
