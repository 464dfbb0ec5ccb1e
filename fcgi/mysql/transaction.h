/// Several statements that count together or not at all.
#pragma once

#include <utility>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Handed to what runs in a transaction, which may undo it all without an error.
struct Transaction {
  bool rolled_back = false;
  void roll_back() noexcept { rolled_back = true; }
};

/// Runs `use` in one transaction, which is committed unless `use` gives an error or rolls it back.
/// If the commit fails because the connection breaks, whether it was done is unknown.
template <class Use>
auto in_transaction(Connection& connection, const Use& use)
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

}  // namespace gatehouse::mysql
