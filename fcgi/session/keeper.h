/// The threads that call Upkeep in time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "session/upkeep.h"

namespace gatehouse::session {

/// While the store does not answer it goes on trying; each outage is logged once. Both threads are
/// made in the constructor, which throws std::system_error where one cannot be: a host without
/// threads is found at the start, and no thread is made later.
class Keeper {
 public:
  /// `key_marks` are claimed before anything is read; where they do not belong into the store,
  /// `refuse` is called with the reason, once, and nothing else happens.
  Keeper(Upkeep& upkeep, SessionStore& store, std::vector<std::string> key_marks,
         std::function<void(std::string)> refuse);
  Keeper(const Keeper&) = delete;
  Keeper(Keeper&&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  Keeper& operator=(Keeper&&) = delete;
  /// Ends the threads, and writes what is not written yet, if the store answers. It is given two
  /// seconds for endings: a store that is just coming back is not found at once.
  ~Keeper();

 private:
  void poll();
  void keep();
  void end_threads();
  bool wait_for_first_poll();
  bool claim();
  void read_back();
  bool wait(std::chrono::milliseconds time);
  [[nodiscard]] bool going_on() const noexcept { return !ended_; }

  Upkeep& upkeep_;
  SessionStore& store_;
  const std::vector<std::string> key_marks_;
  const std::function<void(std::string)> refuse_;
  std::mutex mutex_;
  std::condition_variable ending_;
  std::atomic<bool> ended_{false};
  bool polled_ = false;  // once, at least; under mutex_
  std::thread poller_;
  std::thread housekeeper_;
};

}  // namespace gatehouse::session
