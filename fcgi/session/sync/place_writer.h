/// Writes from where users have logged in.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/monitor.h"
#include "base/repeated.h"
#include "session/events/event_store.h"
#include "session/events/event_writer.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// The event of a login, which is told once it is known what was new to the account.
struct LoginToTell {
  Arrival arrival;
  LoginEvent event;
};

/// Write-behind: logins hand their sessions over, and a thread ("places") has the store note those
/// of a tenth of a second at a time. A statement for each login would make one with a cheap hash a
/// quarter dearer. The thread sleeps while nobody logs in. While the store is away it tries again
/// twice a second. The sessions that are left when the process is killed, or while 10,000 wait, are
/// noted by their purge. Before the places of logins are noted it asks which of them were new to
/// their accounts, also for many at a time, and hands the events of the logins on with that.
/// Thread-safe. The constructor throws std::system_error if there is no
/// thread to be had.
class PlaceWriter {
 public:
  /// `store` must outlive it, and so must `events` and `told`, which are null where no events are
  /// kept.
  explicit PlaceWriter(SessionStore& store, EventStore* events = nullptr,
                       EventWriter* told = nullptr);
  PlaceWriter(const PlaceWriter&) = delete;
  PlaceWriter(PlaceWriter&&) = delete;
  PlaceWriter& operator=(const PlaceWriter&) = delete;
  PlaceWriter& operator=(PlaceWriter&&) = delete;
  /// Stops the thread and writes what is left, if the store answers.
  ~PlaceWriter();

  /// To be called when the session is in the store. Never waits for the store.
  void add(const SessionId& id, std::unique_ptr<LoginToTell> event = nullptr);

 private:
  struct Login {
    SessionId id;
    std::unique_ptr<LoginToTell> event;  ///< null: there is none, or it is told
  };

  void run(const std::stop_token& stop);
  bool write();
  Result<void> write(std::span<Login> batch);
  Result<void> tell_events(std::span<Login> batch);
  void tell(LoginToTell& login, const Novelty& novelty);
  void put_back(std::span<Login> logins);
  void log(const Error& error);

  SessionStore& store_;
  EventStore* const events_;
  EventWriter* const told_;
  Repeated failing_;
  Monitor<std::vector<Login>> waiting_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::session
