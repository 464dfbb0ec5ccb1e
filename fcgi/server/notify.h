/// Tells systemd how far the service is (sd_notify(3)); does nothing where it was not started by
/// systemd. Thread-safe.
#pragma once

#include <string_view>

namespace gatehouse::server {

void notify_ready();
/// The status that `systemctl status` shows; empty: the usual one.
void notify_status(std::string_view text);
void notify_stopping();

}  // namespace gatehouse::server
