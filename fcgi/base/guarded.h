/// A lock that owns its data: there is no way to the data without the lock.
#pragma once

#include <mutex>
#include <utility>

namespace gatehouse {

/// `sessions.with([](auto& map) { map.erase(id); });` — the lambda does no I/O and does not call
/// back into the same object.
template <class T>
class Guarded {
 public:
  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  template <class F>
  decltype(auto) with(F&& use) {
    const std::lock_guard lock(mutex_);
    return std::forward<F>(use)(value_);
  }
  template <class F>
  decltype(auto) with(F&& use) const {
    const std::lock_guard lock(mutex_);
    return std::forward<F>(use)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace gatehouse
