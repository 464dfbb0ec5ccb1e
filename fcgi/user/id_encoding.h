/// How ids of users are written where the site's table holds them as bytes.
#pragma once

#include <atomic>
#include <string>

#include "base/error.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/user.h"

namespace gatehouse::user {

/// Everywhere in Gatehouse an id is text: in sessions, headers, logs and the tables of our own. An
/// id whose column is BINARY, VARBINARY or BLOB (a UUID in 16 bytes) is written as upper-case hex,
/// as SQL's HEX() does, and becomes bytes again where it meets the site's columns, in queries with
/// `:id`. The type of the lookup query's first column decides, never the bytes themselves: else an
/// id that happens to look like text would be written in another way than its neighbour, and could
/// be taken for it. Thread-safe.
class IdEncoding {
 public:
  explicit IdEncoding(const mysql::NamedQuery& lookup) : lookup_sql_(lookup.sql) {}

  /// Encodes the ids in rows that `connection` has just given for the lookup query.
  void encode(mysql::Connection& connection, mysql::Rows& rows);
  /// Gives the value that is bound for `:id`. Asks the server for the type of the column where no
  /// lookup has told it yet; errors as Pool::with. `invalid` where a column of bytes cannot hold
  /// the id.
  [[nodiscard]] Result<std::string> decode(mysql::Pool& pool, const UserId& id);

 private:
  enum class ColumnType : std::uint8_t { unknown, text, bytes };
  Result<ColumnType> learn(mysql::Connection& connection);

  const std::string lookup_sql_;
  std::atomic<ColumnType> column_{ColumnType::unknown};
};

}  // namespace gatehouse::user
