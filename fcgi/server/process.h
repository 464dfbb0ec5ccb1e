/// Settings of the process as a whole, made before it serves.
#pragma once

#include <chrono>

namespace gatehouse::server {

/// No core dumps and no tracing by others of the same user (memory holds passwords and keys); as
/// many descriptors as the hard limit allows.
void harden_process();

/// Blocks SIGTERM, SIGINT, SIGHUP, SIGUSR1 and SIGPIPE in this thread and those that it starts. To
/// be called before the first thread, so that the handlers that libfcgi installs never run.
void block_signals();
/// Waits for SIGTERM, SIGINT, SIGHUP or SIGUSR1, at most for that long, and gives its number; 0 if
/// none came.
int wait_for_signal(std::chrono::milliseconds most);
/// Sends SIGUSR1 to this process, so that wait_for_signal() returns.
void wake_main_thread() noexcept;

}  // namespace gatehouse::server
