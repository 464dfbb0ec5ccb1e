#include "server/notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdint>
#include <string>

#include "base/guarded.h"

namespace gatehouse::server {
namespace {

/// The two parts of the status that systemd is told.
struct Status {
  std::string ready;  ///< of the latest notify_ready() or notify_reloading()
  std::string alarm;  ///< of the latest notify_alarm()
  [[nodiscard]] std::string text() const {
    return alarm.empty() ? ready : fmt::format("{}; {}", ready, alarm);
  }
};

Guarded<Status>& the_status() {
  static Guarded<Status> status;
  return status;
}

}  // namespace

void notify_ready(std::string_view status) {
  const std::string text = the_status().with([&](Status& now) {
    now.ready = status;
    return now.text();
  });
  sd_notify(0, fmt::format("READY=1\nSTATUS={}", text).c_str());
}

void notify_status(std::string_view text) {
  sd_notify(0, fmt::format("STATUS={}", text).c_str());
}

void notify_alarm(std::string_view text) {
  const std::string status = the_status().with([&](Status& now) {
    now.alarm = text;
    return now.text();
  });
  notify_status(status);
}

void notify_reloading() {
  constexpr std::string_view kReading = "Reading the settings again";
  const std::string text = the_status().with([&](Status& status) {
    status.ready = kReading;
    return status.text();
  });
  const auto now = std::chrono::steady_clock::now().time_since_epoch();  // CLOCK_MONOTONIC
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  sd_notify(0,
            fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS={}", microseconds, text).c_str());
}

void notify_stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=Finishing the requests under way");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t interval = 0;
  if (sd_watchdog_enabled(0, &interval) <= 0) return std::nullopt;
  return std::chrono::microseconds(interval);
}

void notify_watchdog() {
  sd_notify(0, "WATCHDOG=1");
}

}  // namespace gatehouse::server
