/// A host that gives this program no more threads.
#pragma once

namespace gatehouse::test {

/// While it lives, so many threads can be made and no more (EAGAIN, as from a limit of tasks). A
/// program that uses it has a pthread_create of its own.
class ThreadShortage {
 public:
  explicit ThreadShortage(int left);
  ThreadShortage(const ThreadShortage&) = delete;
  ThreadShortage& operator=(const ThreadShortage&) = delete;
  ~ThreadShortage();
};

}  // namespace gatehouse::test
