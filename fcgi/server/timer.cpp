#include "server/timer.h"

#include <utility>

namespace gatehouse::server {

Timer::Timer() : thread_([this] { run(); }) {}

Timer::~Timer() {
  stop();
}

void Timer::after(std::chrono::nanoseconds delay, Task task) {
  const Due due = std::chrono::steady_clock::now() + delay;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      const auto place = tasks_.emplace(due, std::move(task));
      if (place == tasks_.begin()) changed_.notify_one();
      return;
    }
  }
  task();
}

void Timer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Timer::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !tasks_.empty()) {
    if (tasks_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Due due = tasks_.begin()->first;
    if (!stopping_ && due > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, due);
      continue;
    }
    const Task task = std::move(tasks_.extract(tasks_.begin()).mapped());
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace gatehouse::server
