/// Writes the events of accounts.
#pragma once

#include <cstdint>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/monitor.h"
#include "base/repeated.h"
#include "session/events/event_queue.h"
#include "session/events/event_store.h"

namespace gatehouse::session {

/// Write-behind: whoever has an event hands it over and goes on, and a thread ("login-events") has
/// the store write those of a tenth of a second together. While the store is away it tries again
/// twice a second, and every ten seconds while the table is missing; what does not fit the queue
/// meanwhile is lost. The log says so at once, then each hour, and at the end how many were lost.
/// So are the events of the last moment when the process is killed; the log has them all.
/// Thread-safe. The constructor throws std::system_error if there is no thread to be had.
class EventWriter {
 public:
  /// `store` and `clock` must outlive it.
  EventWriter(EventStore& store, const Clock& clock);
  EventWriter(const EventWriter&) = delete;
  EventWriter(EventWriter&&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  EventWriter& operator=(EventWriter&&) = delete;
  /// Stops the thread and writes what is left, if the store answers.
  ~EventWriter();

  /// Never waits for the store.
  void add(LoginEvent event);

 private:
  enum class Written : std::uint8_t { all, away, refused };

  void run(const std::stop_token& stop);
  void pause(const std::stop_token& stop, Written last);
  Written write(bool rest);
  void tell(const Error& error);
  void tell_over();

  EventStore& store_;
  const Clock& clock_;
  Repeated failing_;
  Repeated overflowing_;
  std::uint64_t lost_ = 0;  ///< of the thread's own
  Monitor<EventQueue> queue_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::session
