/// What one host at a time may do.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Holders in a row of the table `gatehouse_lease`, which migrate makes (GET_LOCK does not reach
/// the other nodes of a Galera cluster). A holder that dies loses it when its time is over, by the
/// server's clock. Not thread-safe, but for its functions on different connections.
class HostLease {
 public:
  /// The holder is this object of this process on this host.
  explicit HostLease(std::string name);

  /// True if it is held now, for `time` from now on; by us before, too. False if another holds it.
  [[nodiscard]] Result<bool> take(Connection& connection, std::chrono::seconds time) const;
  /// Gives it up, if it is held.
  Result<void> release(Connection& connection) const;

 private:
  std::string name_;
  std::string holder_;
};

}  // namespace gatehouse::mysql
