/// The threads that call Synchronisation in time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/repeated.h"
#include "session/sync/synchronisation.h"

namespace gatehouse::session {

/// One thread polls; the other claims the keys, and then does everything else. The polls wait for
/// nothing else, since what was revoked elsewhere is to be known within a second. While the store
/// does not answer both go on trying; outages are logged once a minute. Both threads are made in
/// the constructor, which throws std::system_error where one cannot be: a host without threads is
/// found at the start, and no thread is made later.
class SyncThreads {
 public:
  /// Where `key_marks` do not belong into the store, at the start or later, `refuse` is called with
  /// the reason, once, and nothing else happens.
  SyncThreads(Synchronisation& sync, SessionStore& store, std::vector<std::string> key_marks,
              std::function<void(std::string)> refuse);
  SyncThreads(const SyncThreads&) = delete;
  SyncThreads(SyncThreads&&) = delete;
  SyncThreads& operator=(const SyncThreads&) = delete;
  SyncThreads& operator=(SyncThreads&&) = delete;
  /// Ends the threads, and writes what is not written yet, if the store answers. It is given two
  /// seconds for endings: a store that is just coming back is not found at once.
  ~SyncThreads();

  /// Whether the keys have been claimed: until then nobody can say whether the tokens that they
  /// make are good on the other hosts, so no request but of its health is served.
  [[nodiscard]] bool claimed() const noexcept { return claim_ != Claim::none; }
  /// Whether the latest attempt to claim them succeeded as well.
  [[nodiscard]] bool claim_holds() const noexcept { return claim_ == Claim::holds; }
  /// Returns when the keys are claimed or refused, or when the store did not answer that.
  void wait_for_first_claim();

 private:
  enum class Claim { none, holds, unsure };

  void poll();
  void keep();
  void end_threads();
  bool begin();
  bool claim();
  void read_back();
  bool wait(std::chrono::milliseconds time);
  [[nodiscard]] bool going_on() const noexcept { return !ended_; }

  Synchronisation& sync_;
  SessionStore& store_;
  const std::vector<std::string> key_marks_;
  const std::function<void(std::string)> refuse_;
  const TimePoint begun_;
  Repeated failed_claims_;
  Repeated failed_polls_;
  std::mutex mutex_;
  std::condition_variable ending_;
  std::condition_variable progress_;
  bool tried_to_claim_ = false;  // under mutex_
  std::atomic<bool> ended_{false};
  std::atomic<bool> polled_{false};
  std::atomic<Claim> claim_{Claim::none};
  std::thread poller_;
  std::thread housekeeper_;
};

}  // namespace gatehouse::session
