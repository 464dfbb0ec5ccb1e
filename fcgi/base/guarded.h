/// A lock that owns its data: there is no way to the data without the lock.
#pragma once

#include <utility>

#include "base/mutex.h"

namespace gatehouse {

/// `sessions.with([](auto& map) { map.erase(id); });` — the lambda does no I/O and does not call
/// back into the same object. Where a thread must wait for a change, use Monitor (monitor.h).
template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  template <class F>
  decltype(auto) with(F&& use) {
    const MutexLock lock(mutex_);
    return std::forward<F>(use)(value_);
  }
  template <class F>
  decltype(auto) with(F&& use) const {
    const MutexLock lock(mutex_);
    return std::forward<F>(use)(value_);
  }

 private:
  mutable Mutex mutex_;
  T value_ GATEHOUSE_THREAD_SAFETY(guarded_by(mutex_));
};

}  // namespace gatehouse
