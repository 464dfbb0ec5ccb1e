/// Tells what kind of server a connection leads to, and whether a login could be written there.
/// Private to mysql/. README.md says which of these tests each Access demands.
#pragma once

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

struct ServerState {
  ServerKind kind = ServerKind::single;
  /// The server begins every transaction as a read-only one (transaction_read_only), so that a
  /// single UPDATE fails there although the server itself is not read-only.
  bool read_only_transactions = false;
  /// It is configured for Group Replication and not ONLINE in its group, as far as we may know.
  bool left_group = false;
};

/// Asks the server, by statements that need no right.
Result<ServerState> state_of(Connection& connection);

/// Reads a table of ours. `SELECT 1` and the tables of information_schema are answered even by a
/// Galera node that has lost its quorum or rejects all queries; a table of ours is not, whether it
/// is there or not. `unavailable` where the server does not answer that.
Result<void> read_a_table(Connection& connection);

/// `unavailable` if the server refuses writes now. Nothing is written: the statement that begins a
/// transaction with the words READ WRITE is refused by a read-only server, plain START TRANSACTION
/// is not. (A server that is locked or whose disk is full passes: see WriteProbe in pool.h.)
Result<void> refuse_read_only(Connection& connection, const ServerState& state);

/// Must be called before a causal read. Gives `unavailable` if the read would be answered although
/// the server does not know what is committed elsewhere. A Galera node says so itself, and a
/// secondary of a group is as good as the primary. A server that has left its group answers at once
/// with what is long past; where this account may not see that, a read-only one is not believed. A
/// single server that is read-only may be a replica.
Result<void> refuse_stale(Connection& connection, ServerKind kind, Access access);

}  // namespace gatehouse::mysql
