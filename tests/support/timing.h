/// How long something takes, by the wall clock, for time-outs of real servers; and by the
/// processor's.
#pragma once

#include <chrono>
#include <ctime>
#include <thread>

namespace gatehouse::test {

template <class Work>
std::chrono::milliseconds time_of(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

/// The processor's time that this process needs for it, all threads together. A limit of it holds
/// on a machine that has other things to do as well.
template <class Work>
std::chrono::milliseconds processor_time_of(Work&& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto start = now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now() - start);
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
