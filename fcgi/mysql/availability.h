/// What the threads of a Pool share: the kept connections and whether MySQL is away. Private to
/// mysql/.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/repeated.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// A connection out of the pool, or room for one that is to be opened.
struct Lease {
  std::unique_ptr<Connection> connection;
  std::uint64_t generation = 0;  ///< lower than the pool's: from before a loss
  bool kept = false;             ///< someone has used it before
};

/// Thread-safe. No I/O under the lock; to drop a connection waits for nothing.
class Availability {
 public:
  /// A kept connection, or a lease without one; an error while MySQL is away.
  Result<Lease> lease();
  /// It is whole: keep it, unless it is from before a loss.
  void give_back(Lease lease);
  /// It turned out closed. The other kept ones are as old: they go too. A lease without one.
  Lease replace(Lease lease);

  /// MySQL does not answer: away, unless it has come back since the lease was taken. True if that
  /// is news.
  bool lost(Lease lease, const Error& cause);
  void still_away(const Error& cause);
  void found(std::unique_ptr<Connection> connection);

  /// Why the server in use may not be good enough.
  enum class Doubt {
    none,
    writes,  ///< it could not do something now: perhaps a lock, perhaps all of its writes
    reads,   ///< it does not know what others have written
  };
  void doubt(Doubt why);
  [[nodiscard]] Doubt doubted();
  /// It is good enough.
  void trust();
  /// Another server takes its place: the connections to this one are used no more.
  void move_to(std::unique_ptr<Connection> connection);

  /// What the watching thread has to do.
  enum class Task { nothing, find, verify };
  /// Waits until there is something to do, at most for `time`. `find` while MySQL is away, `verify`
  /// while the server is doubted.
  Task wait_for_task(const std::stop_token& stop, std::optional<std::chrono::milliseconds> time);
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  [[nodiscard]] bool available() const noexcept { return available_; }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;
  /// With the lock held; the caller destroys what it gets without it.
  [[nodiscard]] Connections begin_generation();
  void log_return();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  // Under mutex_:
  Connections idle_;
  std::uint64_t generation_ = 0;
  TimePoint away_since_;
  Error cause_{Error::Kind::unavailable, {}};
  Doubt doubt_ = Doubt::none;
  std::atomic<bool> available_ = true;  ///< written under mutex_
  Repeated outages_;
};

}  // namespace gatehouse::mysql
