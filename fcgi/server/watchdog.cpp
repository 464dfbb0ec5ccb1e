#include "server/watchdog.h"

#include <pthread.h>

#include "server/notify.h"

namespace gatehouse::server {

Watchdog::Watchdog(const Promise& main_thread, Server* server)
    : main_thread_(main_thread), server_(server) {
  const auto interval = watchdog_interval();
  if (!interval) return;
  // A question and its answer are a pause apart, so that systemd hears of us in time even if one
  // answer comes late.
  const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(*interval) / 4;
  thread_ = std::jthread([this, pause](const std::stop_token& stop) { run(stop, pause); });
}

void Watchdog::run(const std::stop_token& stop, std::chrono::milliseconds pause) {
  ::pthread_setname_np(::pthread_self(), "watchdog");
  while (!stop.stop_requested()) {
    if (server_ != nullptr) server_->ask_for_life();
    pause_.wait_for(stop, pause, [](const bool& /*value*/) { return false; });
    const bool alive = server_ == nullptr || server_->all_alive();
    if (alive && main_thread_.kept()) notify_watchdog();
  }
}

}  // namespace gatehouse::server
