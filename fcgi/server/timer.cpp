#include "server/timer.h"

#include <utility>

namespace gatehouse::server {

Timer::Timer() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Timer::after(std::chrono::nanoseconds delay, Task task) {
  const Due due = std::chrono::steady_clock::now() + delay;
  bool stopped = false;
  const bool first = state_.with([&](State& state) {
    stopped = state.stopped;
    if (stopped) return false;
    const auto place = state.tasks.emplace(due, std::move(task));
    return place == state.tasks.begin();
  });
  if (first) state_.wake_one();  // it waits for the one that was first until now
  if (stopped) task();
}

void Timer::stop() {
  thread_ = {};  // requests its stop and waits for its end
}

/// The time of the next task; the end of all time if there is none.
Timer::Due Timer::first_due(const State& state) {
  return state.tasks.empty() ? Due::max() : state.tasks.begin()->first;
}

/// The next task, if its time has come.
Timer::Task Timer::take_due(State& state) {
  if (first_due(state) > std::chrono::steady_clock::now()) return nullptr;
  return std::move(state.tasks.extract(state.tasks.begin()).mapped());
}

void Timer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const Task task = state_.with(take_due)) {
      task();
      continue;
    }
    const Due due = state_.with(first_due);
    state_.wait_until(
        stop, due, [&](const State& state) { return first_due(state) < due; },
        [](State& /*state*/) {});
  }
  run_the_rest();
}

/// Runs all tasks that are left when the timer stops. An answer may depend on one of them.
void Timer::run_the_rest() {
  const Tasks rest = state_.with([](State& state) {
    state.stopped = true;
    return std::exchange(state.tasks, {});
  });
  for (const auto& [due, task] : rest) task();
}

}  // namespace gatehouse::server
