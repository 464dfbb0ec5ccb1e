/// What systemd is told (sd_notify(3)); nothing happens elsewhere. Thread-safe.
#pragma once

namespace gatehouse::server {

void notify_ready();
void notify_stopping();

}  // namespace gatehouse::server
