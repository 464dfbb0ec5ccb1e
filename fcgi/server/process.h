/// Settings of the process as a whole, made before it serves.
#pragma once

namespace gatehouse::server {

/// No core dumps and no tracing by others of the same user (memory holds passwords and keys); as
/// many descriptors as the hard limit allows.
void harden_process();

/// Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGPIPE in this thread and those that it starts. To
/// be called before the first thread, so that the handlers that libfcgi installs never run.
void block_signals();
/// Waits for SIGTERM or SIGINT and gives its number.
int wait_for_stop_signal();

}  // namespace gatehouse::server
