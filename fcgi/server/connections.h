/// All open connections, to close them when the service stops or descriptors run short.
#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_set>
#include <vector>

#include "base/monitor.h"

namespace gatehouse::server {

class Connection;

/// Owns none of them: a connection enters itself and leaves when it is destroyed. What closes a
/// connection here only shuts its socket down, so that the thread that owns it finds it closed and
/// destroys it. Thread-safe.
class Connections {
 public:
  void enter(Connection& connection);
  void leave(Connection& connection);

  [[nodiscard]] std::size_t count() const;
  /// Lets no more come in on any of them; what has come is still read and answered.
  void shut_down_reading();
  /// Closes the one that has been idle longest, if any is idle.
  void close_longest_idle();
  /// Closes those whose requests have been incomplete for longer than `request`, and those that
  /// have taken nothing of an answer for longer than `answer`. True if others are incomplete or
  /// take nothing, but not for so long yet.
  [[nodiscard]] bool close_stalled(std::chrono::milliseconds request,
                                   std::chrono::milliseconds answer);
  /// Waits until there are none. False if some are left after that time.
  [[nodiscard]] bool wait_until_none(std::chrono::milliseconds most);
  /// Those that are left. To be called once no thread works on a connection any more.
  [[nodiscard]] std::vector<Connection*> remaining() const;

 private:
  using All = std::unordered_set<Connection*>;
  Monitor<All> all_;
};

}  // namespace gatehouse::server
