/// Tells systemd that the service works (WatchdogSec= of the unit), for as long as it does.
#pragma once

#include <stop_token>
#include <thread>

#include "base/monitor.h"
#include "server/server.h"

namespace gatehouse::server {

/// Asks the server for a sign of life of its event loops and its timer, and tells systemd only when
/// all have given it: a process of which one thread hangs, on a lock or in a loop, would otherwise
/// look alive, while some of its visitors wait for ever. systemd ends such a process and starts
/// another. A thread of a slow lane may rightly wait for MySQL for long, and is not asked. Does
/// nothing where systemd does not ask for it.
class Watchdog {
 public:
  /// `server` must outlive it.
  explicit Watchdog(Server& server) : Watchdog(&server) {}
  /// For the time in which there is no server: making the parts of a service may take as long as
  /// MySQL's time-outs.
  Watchdog() : Watchdog(nullptr) {}

 private:
  explicit Watchdog(Server* server);
  void run(const std::stop_token& stop, std::chrono::milliseconds pause);

  Server* const server_;
  Monitor<bool> pause_{false};
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::server
