/// What the threads of a Pool share: the kept connections and whether MySQL is away. Private to
/// mysql/.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
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

  /// MySQL does not answer: away, unless it has come back since the lease was taken.
  void lost(Lease lease, const Error& cause);
  void still_away(const Error& cause);
  void found(std::unique_ptr<Connection> connection);

  /// For the prober. False when it is to stop.
  bool wait_until_away(const std::stop_token& stop);
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  [[nodiscard]] bool available() const noexcept { return available_; }

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;
  /// With the lock held; the caller destroys what it gets without it.
  [[nodiscard]] Connections begin_generation();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  // Under mutex_:
  Connections idle_;
  std::uint64_t generation_ = 0;
  TimePoint away_since_;
  Error cause_{Error::Kind::unavailable, {}};
  std::atomic<bool> available_ = true;  ///< written under mutex_
};

}  // namespace gatehouse::mysql
