/// How long a thread of the engine rests between two slices of its work, so that it takes nothing
/// from those who need the cores.
///
/// The problem: the kernel shares the cores among groups of threads first (cgroups with a weight,
/// or autogroups, which are Debian's default: sched(7)). A thread's priority counts only within its
/// group, and so does the class SCHED_IDLE. So a flood of logins that kept the engine busy kept
/// nginx from working, which is in another group: on Linux 6.18 one of its workers was ready to run
/// for 160 ms while a thread of the class SCHED_IDLE computed on its core.
///
/// But a thread that sleeps takes nothing from any group. And when a thread of the class
/// SCHED_BATCH or SCHED_IDLE wakes up and no core is free, it waits for whoever works on its core.
/// So the time at which it really wakes up tells whether others use the cores. If it wakes up late,
/// the next rest is longer, and if it wakes up in time, that is shorter.
///
/// On a host where every wake-up is late by more than a third of a millisecond (one that gives the
/// cores to other virtual machines much of the time), threads rest as if the cores were in use.
#pragma once

#include <algorithm>
#include <chrono>

namespace gatehouse::password {

/// For one thread at a time.
class Rest {
 public:
  using Time = std::chrono::nanoseconds;
  static constexpr Time kShortest = std::chrono::microseconds(60);

  /// No rest will be longer than `longest`, which is kShortest at least.
  explicit Rest(Time longest) noexcept : longest_(longest) {}

  [[nodiscard]] Time length() const noexcept { return length_; }
  /// The thread woke up so long after the end of a rest of length(), which changes. True if that
  /// was in time.
  bool woke(Time late) noexcept {
    const bool in_time = late <= kInTime + std::min(length_, kDeepSleep) / 8;
    length_ = in_time ? std::max(length_ / 2, kShortest) : longer();
    return in_time;
  }
  /// Others interrupted the work after the rest. The next rest is longer than the last one, even if
  /// that ended in time.
  void interrupted() noexcept {
    length_ = longer();
    length_ = longer();
  }

 private:
  /// A timer takes a few microseconds, a core that sleeps deeply some hundred to wake up, and it
  /// does the more so the longer the rest is.
  static constexpr Time kInTime = std::chrono::microseconds(100);
  static constexpr Time kDeepSleep = std::chrono::milliseconds(2);

  [[nodiscard]] Time longer() const noexcept { return std::min(2 * length_, longest_); }

  Time longest_;
  Time length_ = kShortest;
};

}  // namespace gatehouse::password
