/// The state that the threads of a Pool share: the kept connections, and whether MySQL is away.
/// Private to mysql/.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/monitor.h"
#include "base/repeated.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// A connection out of the pool, or room for one that is to be opened.
struct Borrowed {
  std::unique_ptr<Connection> connection;
  /// How often the pool had dropped its kept connections when this was borrowed. It drops them at
  /// each loss of MySQL, at each move to another server, and when one turns out closed. A
  /// connection that was borrowed before the last time is not kept, and its death says nothing of
  /// MySQL now.
  std::uint64_t drops = 0;
};

/// The state of a Pool. One thread, the watcher, waits here for something to do; all others borrow
/// connections and say how they fared. Thread-safe. Connections are opened and closed outside of
/// the lock.
class Availability {
 public:
  /// A kept connection, or room for one; an error while MySQL is away.
  Result<Borrowed> borrow();
  /// Gives back a connection that is whole. It is kept unless the others were dropped meanwhile.
  void give_back(Borrowed borrowed);
  /// Gives room for a new connection in the place of one that turned out closed. The other kept
  /// ones are as old and closed as well, so they are dropped.
  Borrowed replace(Borrowed borrowed);

  /// Says that MySQL does not answer: it is away from now on, unless it has come back since the
  /// connection was borrowed. True if that is news.
  bool lost(Borrowed borrowed, const Error& cause);
  /// Says that an attempt to find it has failed.
  void still_away(const Error& cause);
  /// Says that MySQL is back, by this connection.
  void found(std::unique_ptr<Connection> connection);

  /// Why the server in use may not be good enough.
  enum class Doubt {
    none,
    writes,  ///< it could not do something now: perhaps because of a lock, perhaps no write goes
    reads,   ///< it does not know what others have written
  };
  void doubt(Doubt why);
  [[nodiscard]] Doubt doubted();
  /// Says that the server in use is good enough after all.
  void trust();
  /// Puts another server in its place, by this connection; those to the old one are used no more.
  void move_to(std::unique_ptr<Connection> connection);

  /// The next thing that the watcher has to do.
  enum class Task {
    nothing,
    find,    ///< MySQL is away: look for a server
    verify,  ///< the server in use is doubted: try it, and look for another
  };
  /// Waits until there is something to do, for `time` at most. `nothing` after that time or a
  /// request to stop.
  Task wait_for_task(const std::stop_token& stop, std::optional<std::chrono::milliseconds> time);
  /// Waits for that time or a request to stop.
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  [[nodiscard]] bool available() const noexcept { return available_; }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;
  struct State {
    Connections idle;         ///< the one used last at the back
    std::uint64_t drops = 0;  ///< how often `idle` was dropped
    bool away = false;
    TimePoint away_since;
    Error cause{Error::Kind::unavailable, {}};
    Doubt doubt = Doubt::none;

    /// Gives the connections that were kept, for the caller to destroy without the lock.
    [[nodiscard]] Connections drop_idle();
    [[nodiscard]] Task task() const noexcept;
  };

  Monitor<State> state_;
  /// The opposite of State::away, for those who ask without the lock.
  std::atomic<bool> available_ = true;
  Repeated outages_;
};

}  // namespace gatehouse::mysql
