/// Things to do a little later, without a thread for each.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace gatehouse::server {

/// One thread. What it runs must be short and must not wait. Thread-safe.
class Timer {
 public:
  using Task = std::function<void()>;

  Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  /// As `stop`.
  ~Timer();

  void after(std::chrono::nanoseconds delay, Task task);
  /// Runs all that is still to come, at once, and ends the thread; a later task runs in its
  /// caller.
  void stop();

 private:
  using Due = std::chrono::steady_clock::time_point;
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Due, Task> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gatehouse::server
