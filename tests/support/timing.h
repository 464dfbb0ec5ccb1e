/// How long something takes, by the wall clock: for time-outs of real servers.
#pragma once

#include <chrono>
#include <thread>

namespace gatehouse::test {

template <class Work>
std::chrono::milliseconds time_of(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

/// Asks every 5 ms; false if `condition` does not come true within `limit`.
template <class Condition>
bool comes_true_within(std::chrono::milliseconds limit, Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace gatehouse::test
