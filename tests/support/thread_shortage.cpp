#include "support/thread_shortage.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <limits>

namespace gatehouse::test {
namespace {

constexpr int kAny = std::numeric_limits<int>::max();
std::atomic<int> threads_left{kAny};

}  // namespace

ThreadShortage::ThreadShortage(int left) {
  threads_left = left;
}

ThreadShortage::~ThreadShortage() {
  threads_left = kAny;
}

}  // namespace gatehouse::test

/// In the place of the C library's, for the whole program.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*routine)(void*), void* argument) {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(::dlsym(RTLD_NEXT, "pthread_create"));
  if (gatehouse::test::threads_left != gatehouse::test::kAny &&
      gatehouse::test::threads_left.fetch_sub(1) <= 0) {
    return EAGAIN;
  }
  return create(thread, attributes, routine, argument);
}
