/// What the process as a whole is set to before it serves.
#pragma once

namespace gatehouse::server {

/// No core dumps and no tracing by others of the same user (memory holds passwords and keys); as
/// many descriptors as the hard limit allows.
void harden_process();

/// Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGPIPE in this thread and those that it starts:
/// before the first of them, so that libfcgi's handlers never run.
void block_signals();
/// Waits for SIGTERM or SIGINT and gives its number.
int wait_for_stop_signal();

}  // namespace gatehouse::server
