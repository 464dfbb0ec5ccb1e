/// What the statements that write sessions share. Private to MysqlSessionStore.
#pragma once

#include <cstdint>
#include <utility>

#include "base/error.h"
#include "mysql/connection.h"
#include "mysql/pool.h"
#include "mysql/retry.h"

namespace gatehouse::session {

template <class Use>
auto retry_on_conflict(mysql::Pool& pool, const Use& use) {
  return pool.with(
      [&](mysql::Connection& connection) { return mysql::retry_on_conflict(connection, use); });
}

inline Result<void> without_count(const Result<std::uint64_t>& changed) {
  return changed.map([](std::uint64_t) {});
}

/// Handed to what runs in a transaction, which may undo it all without an error.
struct Transaction {
  bool rolled_back = false;
  void roll_back() noexcept { rolled_back = true; }
};

/// Runs `use` in one transaction, which is committed unless `use` gives an error or rolls it back.
template <class Use>
auto in_transaction(mysql::Connection& connection, const Use& use)
    -> decltype(use(std::declval<Transaction&>())) {
  if (const auto begun = connection.execute("START TRANSACTION"); !begun) {
    return tl::unexpected(begun.error());
  }
  Transaction transaction;
  auto outcome = use(transaction);
  const bool commit = outcome && !transaction.rolled_back;
  const auto closed = connection.execute(commit ? "COMMIT" : "ROLLBACK");
  if (commit && !closed) return tl::unexpected(closed.error());
  return outcome;
}

}  // namespace gatehouse::session
