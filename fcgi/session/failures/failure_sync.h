/// Keeps the counts of failed logins in memory and those of the store in agreement.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/guarded.h"
#include "base/monitor.h"
#include "base/repeated.h"
#include "guard/failure_table.h"
#include "session/failures/failure_store.h"

namespace gatehouse::session {

/// The steps, each a call that takes as long as the database. For one thread at a time.
class FailureSynchronisation {
 public:
  /// All must outlive it.
  FailureSynchronisation(Guarded<guard::FailureTable>& counts, FailureStore& store,
                         const Clock& clock);

  /// Write-behind: removes the rows of displaced entries, and adds what has changed here.
  Result<void> write();
  /// Takes over what has changed in the store since the last poll that succeeded; the whole store,
  /// as read_back() does, if that is more than an hour ago.
  Result<void> poll(const std::function<bool()>& go_on = [] { return true; });
  /// Takes over the whole store, and writes meanwhile. `go_on` false: stops.
  Result<void> read_back(const std::function<bool()>& go_on);
  Result<void> purge() { return store_.purge(); }

 private:
  Result<void> remove_displaced();
  void learn(const std::vector<StoredFailures>& stored);

  Guarded<guard::FailureTable>& counts_;
  FailureStore& store_;
  const Clock& clock_;
  TimePoint polled_;
};

/// A thread that makes them in time: it writes ten times a second and polls two and a half times,
/// so that a failure is written within 200 ms and known to every host within a second. While the
/// store does not answer it goes on trying, and each host counts alone; an outage is logged once a
/// minute.
class FailureSync {
 public:
  FailureSync(Guarded<guard::FailureTable>& counts, FailureStore& store, const Clock& clock);
  FailureSync(const FailureSync&) = delete;
  FailureSync(FailureSync&&) = delete;
  FailureSync& operator=(const FailureSync&) = delete;
  FailureSync& operator=(FailureSync&&) = delete;
  /// Stops the thread and writes what is not written yet, if the store answers.
  ~FailureSync();

  /// Returns when the counts from before are read back, when that has failed, or after two seconds,
  /// though there may be more to read.
  void wait_for_read_back();

 private:
  struct Progress {
    bool tried_to_read_back = false;
  };
  void run(const std::stop_token& stop);
  bool note(const Result<void>& done);
  bool pause(const std::stop_token& stop, std::chrono::milliseconds time);

  FailureSynchronisation steps_;
  const Clock& clock_;
  Repeated failing_;
  Monitor<Progress> progress_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::session
