/// A lock that owns its data (guarded.h), for data whose changes other threads wait for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

#include "base/mutex.h"

namespace gatehouse {

/// A value that threads share, and the means to wait until it is as they need it. Who changes the
/// value says who is woken: nobody (`with`), one thread that waits (`change_for_one`), or all of
/// them (`change`). Every lambda runs under the lock, does no I/O, and does not call back into the
/// same object.
///
///     Monitor<std::deque<Job>> jobs;
///     std::jthread worker([&](const std::stop_token& stop) {
///       Job job;
///       while (jobs.wait(stop, [](auto& all) { return !all.empty(); },
///                        [&](auto& all) { job = std::move(all.front()); all.pop_front(); })) {
///         run(job);
///       }
///     });
///     jobs.change_for_one([&](auto& all) { all.push_back(job); });
///
/// A std::jthread that waits here ends when it is destroyed: its stop token wakes it.
/// Thread-safe. No call may be under way any more when it is destroyed.
template <class T>
class Monitor {
 public:
  template <class... Args>
  explicit Monitor(Args&&... args) : value_(std::forward<Args>(args)...) {}

  /// Reads or changes the value and wakes nobody.
  template <class Use>
  decltype(auto) with(Use&& use) {
    const MutexLock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }
  template <class Use>
  decltype(auto) with(Use&& use) const {
    const MutexLock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

  /// Changes the value and wakes every thread that waits.
  template <class Use>
  decltype(auto) change(Use&& use) {
    const Notice notice{changed_, &std::condition_variable::notify_all};
    return with(std::forward<Use>(use));
  }
  /// Changes the value and wakes one thread that waits: for a piece of work that one can do.
  template <class Use>
  decltype(auto) change_for_one(Use&& use) {
    const Notice notice{changed_, &std::condition_variable::notify_one};
    return with(std::forward<Use>(use));
  }

  /// Wakes one thread that waits, or all: for a change that `with` has made and that seldom matters
  /// to those who wait.
  void wake_one() noexcept { changed_.notify_one(); }
  void wake_all() noexcept { changed_.notify_all(); }

  /// Waits until `ready(value)` is true and runs `use(value)` under the same lock. False, without
  /// running it, if a stop was requested first.
  template <class Ready, class Use>
  bool wait(const std::stop_token& stop, const Ready& ready, const Use& use) {
    return wait_until(stop, std::chrono::steady_clock::time_point::max(), ready, use);
  }
  template <class Ready>
  bool wait(const std::stop_token& stop, const Ready& ready) {
    return wait(stop, ready, [](T& /*value*/) {});
  }

  /// Waits likewise, but gives up at `until`: false then as well.
  template <class Ready, class Use>
  bool wait_until(const std::stop_token& stop, std::chrono::steady_clock::time_point until,
                  const Ready& ready, const Use& use)
      GATEHOUSE_THREAD_SAFETY(no_thread_safety_analysis) {
    const std::stop_callback wake(stop, [this] {
      { const MutexLock lock(mutex_); }  // so that it is not between its test and its wait
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_.native());
    // The lock is held from here to the end. A pointer, since clang cannot follow it into `done`.
    T* const value = &value_;
    const auto done = [&] { return stop.stop_requested() || ready(*value); };
    if (until == std::chrono::steady_clock::time_point::max()) {
      changed_.wait(lock, done);
    } else {
      changed_.wait_until(lock, until, done);
    }
    if (stop.stop_requested() || !ready(*value)) return false;
    use(*value);
    return true;
  }
  template <class Ready>
  bool wait_for(const std::stop_token& stop, std::chrono::milliseconds time, const Ready& ready) {
    return wait_until(stop, std::chrono::steady_clock::now() + time, ready, [](T& /*value*/) {});
  }

 private:
  /// Notifies when the lock has been released, so that the woken thread finds it free.
  class Notice {
   public:
    using Notify = void (std::condition_variable::*)() noexcept;
    Notice(std::condition_variable& changed, Notify notify) : changed_(changed), notify_(notify) {}
    ~Notice() { (changed_.*notify_)(); }
    Notice(const Notice&) = delete;
    Notice(Notice&&) = delete;
    Notice& operator=(const Notice&) = delete;
    Notice& operator=(Notice&&) = delete;

   private:
    std::condition_variable& changed_;
    Notify notify_;
  };

  mutable Mutex mutex_;
  std::condition_variable changed_;
  T value_ GATEHOUSE_THREAD_SAFETY(guarded_by(mutex_));
};

}  // namespace gatehouse
