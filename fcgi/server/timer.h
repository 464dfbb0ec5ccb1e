/// Things to do a little later, without a thread for each.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <thread>

#include "base/monitor.h"

namespace gatehouse::server {

/// Runs tasks on one thread of its own. A task must be short and must not wait, since the others
/// wait behind it. When the timer is destroyed it stops. Thread-safe.
class Timer {
 public:
  using Task = std::function<void()>;

  /// Throws std::system_error where the thread cannot be made.
  Timer();

  /// Runs `task` once the delay is over; after stop(), at once and in the caller.
  void after(std::chrono::nanoseconds delay, Task task);
  /// Runs all that is still to come, at once, and ends the thread. To be called by one thread.
  void stop();

 private:
  using Due = std::chrono::steady_clock::time_point;
  using Tasks = std::multimap<Due, Task>;
  struct State {
    Tasks tasks;
    bool stopped = false;
  };
  static Due first_due(const State& state);
  static Task take_due(State& state);
  void run(const std::stop_token& stop);
  void run_the_rest();

  Monitor<State> state_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::server
