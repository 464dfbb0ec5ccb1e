/// A mutex that clang's -Wthread-safety knows: it reports an access to what a mutex guards from a
/// place where the mutex is not held. Private to base/: the others use guarded.h and monitor.h,
/// which own the data and leave no way to it without the lock.
#pragma once

#include <mutex>

#if defined(__clang__)
#define GATEHOUSE_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define GATEHOUSE_THREAD_SAFETY(attribute)
#endif

namespace gatehouse {

class GATEHOUSE_THREAD_SAFETY(capability("mutex")) Mutex {
 public:
  void lock() GATEHOUSE_THREAD_SAFETY(acquire_capability()) { mutex_.lock(); }
  void unlock() GATEHOUSE_THREAD_SAFETY(release_capability()) { mutex_.unlock(); }
  /// Lets std::condition_variable wait on it, which is faster than the kind that takes any lock.
  [[nodiscard]] std::mutex& native() noexcept { return mutex_; }

 private:
  std::mutex mutex_;
};

/// Holds the mutex from its construction to its end.
class GATEHOUSE_THREAD_SAFETY(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) GATEHOUSE_THREAD_SAFETY(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() GATEHOUSE_THREAD_SAFETY(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock(MutexLock&&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  MutexLock& operator=(MutexLock&&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace gatehouse
