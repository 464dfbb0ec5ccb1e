/// A part of an object that is made when it is first needed.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace gatehouse {

/// Holds nothing until it is needed, and then one object for as long as it lives itself. It is for
/// what few of very many objects need: without it, it takes a pointer. Thread-safe; what it holds
/// must be, too.
template <class T>
class MadeOnce {
 public:
  MadeOnce() = default;
  MadeOnce(const MadeOnce&) = delete;
  MadeOnce(MadeOnce&&) = delete;
  MadeOnce& operator=(const MadeOnce&) = delete;
  MadeOnce& operator=(MadeOnce&&) = delete;
  ~MadeOnce() { delete held_.load(std::memory_order_acquire); }

  /// Null until it is made.
  [[nodiscard]] T* get() const noexcept { return held_.load(std::memory_order_acquire); }
  /// Makes it unless it is there. Of several threads at once one makes it for all.
  template <class... Args>
  T& get_or_make(Args&&... args) {
    if (T* const held = get(); held != nullptr) return *held;
    auto fresh = std::make_unique<T>(std::forward<Args>(args)...);
    T* held = nullptr;
    if (!held_.compare_exchange_strong(held, fresh.get(), std::memory_order_acq_rel)) return *held;
    return *fresh.release();
  }

 private:
  std::atomic<T*> held_{nullptr};
};

}  // namespace gatehouse
