/// Tells systemd how far the service is (sd_notify(3)); does nothing where it was not started by
/// systemd. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gatehouse::server {

/// Says that the service answers, and what `systemctl status` shows of it from now on, on one line.
/// It also ends a reload.
void notify_ready(std::string_view status);
/// What `systemctl status` shows from now on, until the next of these calls.
void notify_status(std::string_view text);
/// Stands behind the status of notify_ready() and notify_reloading(), now and after the next
/// reload, until another call takes its place; empty: nothing does.
void notify_alarm(std::string_view text);
/// Says that a reload has begun: the status begins with "Reading the settings again", which the
/// unit's ExecReload= waits for the end of. What systemd must have for it under Type=notify and
/// under Type=notify-reload is the same.
void notify_reloading();
void notify_stopping();

/// How often systemd wants to hear of us (WatchdogSec=); nothing if it does not.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();
void notify_watchdog();

}  // namespace gatehouse::server
