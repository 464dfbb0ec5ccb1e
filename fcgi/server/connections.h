/// All open connections, to end them when the service stops or descriptors run short.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace gatehouse::server {

class Connection;

/// Holds none of them alive: a connection enters itself and leaves at its end. Thread-safe.
class Connections {
 public:
  void enter(Connection& connection);
  void leave(Connection& connection);

  [[nodiscard]] std::size_t count() const;
  /// No more comes in on any of them; what has come is still read and answered.
  void shut_down_reading();
  /// Ends the one that has been idle longest, if any is idle.
  void shed_longest_idle();
  /// Ends those whose requests have been incomplete for longer than `request`, and those that have
  /// taken nothing of an answer for longer than `answer`; whether there are others, which are so
  /// for less.
  [[nodiscard]] bool shed_stalled(std::chrono::milliseconds request,
                                  std::chrono::milliseconds answer);
  /// False if some are left at the end of the time.
  [[nodiscard]] bool wait_until_none(std::chrono::milliseconds most) const;
  /// Those that are left, once no thread works on one any more.
  [[nodiscard]] std::vector<Connection*> remaining() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable left_;
  std::unordered_set<Connection*> all_;
};

}  // namespace gatehouse::server
