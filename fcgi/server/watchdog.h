/// Tells systemd that the service works (WatchdogSec= of the unit), for as long as it does.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

#include "base/monitor.h"
#include "server/server.h"

namespace gatehouse::server {

/// Says until when the main thread comes round again, so that others notice if it does not.
/// Thread-safe.
class Promise {
 public:
  /// The main thread calls this again within that time.
  void within(std::chrono::milliseconds most) noexcept {
    due_ = std::chrono::steady_clock::now() + most;
  }
  [[nodiscard]] bool kept() const noexcept {
    return std::chrono::steady_clock::now() <= due_.load();
  }

 private:
  std::atomic<std::chrono::steady_clock::time_point> due_{
      std::chrono::steady_clock::time_point::max()};
};

/// Asks the server for a sign of life of its event loops and its timer, and tells systemd only when
/// all have given it, and the main thread keeps its promise: a process of which one thread hangs,
/// on a lock or in a loop, would otherwise look alive, while some of its visitors wait for ever, or
/// no reload is done any more. systemd ends such a process and starts another. A thread of a slow
/// lane may rightly wait for MySQL for long, and is not asked. Does nothing where systemd does not
/// ask for it.
class Watchdog {
 public:
  /// Both must outlive it.
  Watchdog(const Promise& main_thread, Server& server) : Watchdog(main_thread, &server) {}
  /// For the time in which there is no server: making the parts of a service may take as long as
  /// MySQL's time-outs.
  explicit Watchdog(const Promise& main_thread) : Watchdog(main_thread, nullptr) {}

 private:
  Watchdog(const Promise& main_thread, Server* server);
  void run(const std::stop_token& stop, std::chrono::milliseconds pause);

  const Promise& main_thread_;
  Server* const server_;
  Monitor<bool> pause_{false};
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::server
