/// The user table of sql/schema.sql, as an administrator changes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"
#include "mysql/connection.h"
#include "user/user.h"

namespace gatehouse::user {

/// Whether the users are those of sql/schema.sql: user.query is the default. The table of another
/// program is never written but by user.update_query.
[[nodiscard]] bool has_own_schema(const config::User& settings);

/// A row without its hash.
struct TableRow {
  UserId id;
  std::string name;
};

/// Works on a connection whose database may be another one of the same server, so that a change of
/// the user and of the tables beside the sessions are one transaction. Errors as Connection. For
/// one thread at a time.
class UserTable {
 public:
  /// How many rows a page has at most.
  static constexpr std::size_t kPage = 1000;

  /// `database` is the one that holds the table; empty means the connection's own.
  UserTable(mysql::Connection& connection, std::string_view database);

  /// Adds a user and gives the new id. `invalid` if there is a user of that name, or of one that
  /// the table takes for the same (`ROY` and `roy`).
  Result<UserId> add(const Username& name, const Secret& hash);
  /// Replaces the hash. False if there is no such row.
  Result<bool> set_hash(const UserId& id, const Secret& hash);
  /// Removes the row. False if there is none.
  Result<bool> remove(const UserId& id);
  /// The next rows in the order of their ids, at most kPage: from the beginning, or after the id
  /// `after`. An empty page is the end.
  Result<std::vector<TableRow>> page(const std::optional<UserId>& after);

 private:
  mysql::Connection& connection_;
  const std::string table_;
};

}  // namespace gatehouse::user
