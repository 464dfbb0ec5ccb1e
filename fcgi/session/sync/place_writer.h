/// Writes from where users have logged in.
#pragma once

#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/monitor.h"
#include "base/repeated.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// Write-behind: logins hand their sessions over, and a thread ("places") has the store note those
/// of a tenth of a second at a time. A statement for each login would make one with a cheap hash a
/// quarter dearer. The thread sleeps while nobody logs in. While the store is away it tries again
/// twice a second. The sessions that are left when the process is killed, or while 10,000 wait, are
/// noted by their purge. Thread-safe. The constructor throws std::system_error if there is no
/// thread to be had.
class PlaceWriter {
 public:
  /// `store` must outlive it.
  explicit PlaceWriter(SessionStore& store);
  PlaceWriter(const PlaceWriter&) = delete;
  PlaceWriter(PlaceWriter&&) = delete;
  PlaceWriter& operator=(const PlaceWriter&) = delete;
  PlaceWriter& operator=(PlaceWriter&&) = delete;
  /// Stops the thread and writes what is left, if the store answers.
  ~PlaceWriter();

  /// To be called when the session is in the store. Never waits for the store.
  void add(const SessionId& id);

 private:
  void run(const std::stop_token& stop);
  bool write();
  void put_back(std::span<const SessionId> ids);
  void log(const Error& error);

  SessionStore& store_;
  Repeated failing_;
  Monitor<std::vector<SessionId>> waiting_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::session
