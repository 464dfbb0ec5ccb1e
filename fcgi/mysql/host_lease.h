/// A right that one host at a time has: to migrate, or to purge.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// A lock with an end, kept in a row of the table `gatehouse_lease`, which migrate makes (GET_LOCK
/// does not reach the other nodes of a Galera cluster). A holder that dies loses it when its time
/// is over, by the server's clock. Thread-safe, on a connection for each thread.
class HostLease {
 public:
  /// The holder is this object of this process on this host.
  explicit HostLease(std::string name);

  /// Takes the lease for `time` from now on, or renews it. False if another holds it.
  [[nodiscard]] Result<bool> take(Connection& connection, std::chrono::seconds time) const;
  /// Gives the lease up, if we hold it.
  Result<void> release(Connection& connection) const;

 private:
  std::string name_;
  std::string holder_;
};

}  // namespace gatehouse::mysql
