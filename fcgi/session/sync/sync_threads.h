/// The threads that call Synchronisation in time.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/monitor.h"
#include "base/repeated.h"
#include "session/events/event_store.h"
#include "session/sync/synchronisation.h"

namespace gatehouse::session {

/// Two threads. The polling thread ("session-poll") polls twice a second and does nothing else,
/// since a revocation elsewhere must be known within a second. The housekeeping thread
/// ("housekeeping") claims the keys, reads the sessions back, and then goes round once a second: it
/// writes last uses, retries revocations, looks users up, sweeps, purges (each hour, events every
/// ten minutes) and renews the claim. While the store does not answer both go on trying; an outage
/// is logged once a minute. What an earlier SyncThreads of this process has done (Memory) is not
/// done again: the map is not filled a second time, and keys that were claimed are good until the
/// store says otherwise. The constructor throws std::system_error if a thread cannot be made: a
/// host without threads is found at the start, since none is made later.
class SyncThreads {
 public:
  /// `on_keys_refused` is called once, with the reason, if the keys of `key_marks` do not belong
  /// into the store, at the start or later. Then no housekeeping is done any more. `events`, whose
  /// old rows are removed, is null where none are kept.
  SyncThreads(Synchronisation& sync, SessionStore& store, std::vector<std::string> key_marks,
              std::function<void(std::string)> on_keys_refused, EventStore* events = nullptr);
  SyncThreads(const SyncThreads&) = delete;
  SyncThreads(SyncThreads&&) = delete;
  SyncThreads& operator=(const SyncThreads&) = delete;
  SyncThreads& operator=(SyncThreads&&) = delete;
  /// Stops the threads, and writes what is not written yet if the store answers: revocations are
  /// tried for two seconds, since a store that has just come back is not found at once, and last
  /// uses are written for two seconds. After a reload the SyncThreads that comes writes the others.
  ~SyncThreads();

  /// Whether the keys were claimed. Until then nobody can say whether the tokens that they make are
  /// good on the other hosts, so that no request is served but for the health.
  [[nodiscard]] bool keys_claimed() const noexcept { return claim_ != Claim::none; }
  /// Whether the latest attempt to claim them succeeded, too.
  [[nodiscard]] bool claim_holds() const noexcept { return claim_ == Claim::holds; }
  /// Returns when the first attempt to claim the keys is over, whatever came of it.
  void wait_for_first_claim();

 private:
  enum class Claim { none, holds, unsure };
  struct Progress {
    bool tried_to_claim = false;
  };

  void run_polling(const std::stop_token& stop);
  void run_housekeeping(const std::stop_token& stop);
  void housekeeping_rounds(const std::stop_token& stop);
  bool claim_and_await_poll(const std::stop_token& stop);
  bool claim();
  void tell_keys(const std::vector<std::string>& before) const;
  void read_back(const std::stop_token& stop);
  bool clean_events();
  bool renew();
  bool pause(const std::stop_token& stop, std::chrono::milliseconds time);
  bool pause_until(const std::stop_token& stop, std::chrono::steady_clock::time_point time);

  Synchronisation& sync_;
  SessionStore& store_;
  EventStore* const events_;
  const std::vector<std::string> key_marks_;
  const std::function<void(std::string)> on_keys_refused_;
  const TimePoint begun_;
  TimePoint claimed_at_;  ///< for the housekeeping thread alone
  Repeated failed_claims_;
  Repeated failed_polls_;
  Monitor<Progress> progress_;
  std::atomic<bool> polled_{false};
  std::atomic<Claim> claim_;
  // Last, so that they stop before what they use goes.
  std::jthread polling_;
  std::jthread housekeeping_;
};

}  // namespace gatehouse::session
