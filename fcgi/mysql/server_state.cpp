#include "mysql/server_state.h"

#include <string_view>

namespace gatehouse::mysql {
namespace {

/// Whether the server replicates asynchronously from another. MariaDB has a status variable for it.
/// MySQL has none, and its tables of replication are for administrators: if they cannot be read, it
/// is taken for no replica.
Result<bool> replicates(Connection& connection) {
  const auto rows = connection.select("SHOW GLOBAL STATUS LIKE 'Slaves_running'", {}, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (!rows->empty()) return rows->front().at(1).value_or("0") != "0";
  const auto channels = connection.select(
      "SELECT 1 FROM performance_schema.replication_connection_status"
      " WHERE SERVICE_STATE = 'ON' AND CHANNEL_NAME NOT LIKE 'group\\_replication\\_%' LIMIT 1",
      {}, 1);
  if (channels) return !channels->empty();
  if (connection.broken()) return tl::unexpected(channels.error());
  return false;
}

/// A server that is configured for a group but not in it answers causal reads at once, and where
/// nobody has made it read-only it takes writes that the group never sees. Only an account with the
/// right to read this table can tell (sql/grants.sql); without it the server's read_only must be
/// relied on.
enum class Membership { unknown, online, left };
Result<Membership> membership(Connection& connection) {
  const auto rows = connection.select(
      "SELECT 1 FROM performance_schema.replication_group_members"
      " WHERE MEMBER_ID = @@server_uuid AND MEMBER_STATE = 'ONLINE'",
      {}, 1);
  if (rows) return rows->empty() ? Membership::left : Membership::online;
  if (connection.broken()) return tl::unexpected(rows.error());
  return Membership::unknown;
}

tl::unexpected<Error> not_online() {
  return fail(Error::Kind::unavailable, "the server is not ONLINE in its replication group");
}

Result<void> begin_writing(Connection& connection) {
  if (const auto begun = connection.execute("START TRANSACTION READ WRITE"); !begun) {
    return fail(Error::Kind::unavailable, begun.error().what);
  }
  return connection.execute("ROLLBACK").map([](std::uint64_t) {});
}

}  // namespace

Result<ServerState> state_of(Connection& connection) {
  constexpr std::size_t kMost = 4;
  const auto rows = connection.select(
      "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'group_replication_group_name',"
      " 'tx_read_only', 'transaction_read_only')",
      {}, kMost);
  if (!rows) return tl::unexpected(rows.error());
  ServerState state;
  for (const Row& row : *rows) {
    const std::string_view name = row.at(0) ? std::string_view(*row.at(0)) : "";
    const std::string_view value = row.at(1) ? std::string_view(*row.at(1)) : "";
    if (name == "wsrep_on" && value == "ON") state.kind = ServerKind::galera;
    if (name == "group_replication_group_name" && !value.empty()) {
      state.kind = ServerKind::group_replication;
    }
    if (name.ends_with("_read_only") && value == "ON") state.read_only_transactions = true;
  }
  if (state.kind == ServerKind::group_replication) {
    const auto member = membership(connection);
    if (!member) return tl::unexpected(member.error());
    state.left_group = *member == Membership::left;
  }
  if (state.kind != ServerKind::single) return state;
  const auto replica = replicates(connection);
  if (!replica) return tl::unexpected(replica.error());
  if (*replica) state.kind = ServerKind::replica;
  return state;
}

Result<void> read_a_table(Connection& connection) {
  const auto read = connection.select("SELECT 1 FROM session LIMIT 0", {}, 1);
  // Any other error is an answer: the table is not there yet, or not for this account.
  if (!read && read.error().kind == Error::Kind::unavailable) return tl::unexpected(read.error());
  return {};
}

Result<void> refuse_read_only(Connection& connection, const ServerState& state) {
  if (state.left_group) return not_online();
  if (state.read_only_transactions) {
    return fail(Error::Kind::unavailable, "the server's transactions are read-only");
  }
  return begin_writing(connection);
}

Result<void> refuse_stale(Connection& connection, ServerKind kind, Access access) {
  switch (kind) {
    case ServerKind::galera:
      return {};
    case ServerKind::group_replication: {
      const auto member = membership(connection);
      if (!member) return tl::unexpected(member.error());
      if (*member == Membership::online) return {};
      if (*member == Membership::left) return not_online();
      return begin_writing(connection);
    }
    case ServerKind::replica:
      if (access == Access::sharing) {
        return fail(Error::Kind::unavailable, "the server is an asynchronous replica");
      }
      return begin_writing(connection);
    case ServerKind::single:
      return access == Access::reading ? Result<void>() : begin_writing(connection);
  }
  return {};
}

}  // namespace gatehouse::mysql
