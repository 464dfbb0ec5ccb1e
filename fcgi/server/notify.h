/// Tells systemd how far the service is (sd_notify(3)); does nothing where it was not started by
/// systemd. Thread-safe.
#pragma once

namespace gatehouse::server {

void notify_ready();
void notify_stopping();

}  // namespace gatehouse::server
