#include "server/notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <cstdint>
#include <string>

#include "base/guarded.h"

namespace gatehouse::server {
namespace {

/// The status of the latest notify_ready().
Guarded<std::string>& lasting_status() {
  static Guarded<std::string> status("Serving");
  return status;
}

}  // namespace

void notify_ready(std::string_view status) {
  lasting_status().with([&](std::string& lasting) { lasting = status; });
  sd_notify(0, fmt::format("READY=1\nSTATUS={}", status).c_str());
}

void notify_status(std::string_view text) {
  const std::string lasting = lasting_status().with([](const std::string& one) { return one; });
  sd_notify(0, fmt::format("STATUS={}", text.empty() ? lasting : text).c_str());
}

void notify_reloading() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();  // CLOCK_MONOTONIC
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=Reading the settings again",
                           microseconds)
                   .c_str());
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
