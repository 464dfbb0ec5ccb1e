/// Bringing our own tables up to date.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Statements that each may be run again, `;` at the ends of their lines; each table they make has
/// the comment "Gatehouse", and the last notes the number in the table `gatehouse_migration`.
struct Migration {
  unsigned number;  ///< from 1, without gaps; 0 makes what the others are noted in, and the leases
  std::string_view name;
  std::string_view sql;
};

/// Those of `all`, which begin with 0, that the database does not have. `refused` where a table of
/// another program has the name of one of ours, or the database is from a later version of
/// Gatehouse.
[[nodiscard]] Result<std::vector<Migration>> missing(Connection& connection,
                                                     std::span<const Migration> all);

/// Applies what is missing, in order, and gives it. Another host that does the same now is waited
/// for, at most a minute (`unavailable` then). `refused` as `missing`; `failed` where the account
/// lacks a right. The database is left as far as it came; to run it again goes on there.
Result<std::vector<Migration>> migrate(Connection& connection, std::span<const Migration> all);

}  // namespace gatehouse::mysql
