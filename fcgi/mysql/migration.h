/// Brings the tables of our own up to date: what `gatehouse migrate` runs.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// A file of sql/migrations. Each of its statements may be run again, so that a migration that
/// broke off is simply run from its start; a `;` at the end of a line ends a statement. Each table
/// that it makes has the comment "Gatehouse", and its last statement notes the number in the table
/// `gatehouse_migration`.
struct Migration {
  /// The numbers go up from 1, without gaps. The number 0 makes the tables that the runner itself
  /// needs: `gatehouse_migration` and `gatehouse_lease`.
  unsigned number;
  std::string_view name;
  std::string_view sql;
};

/// What an administrator does where tables or rights of this version are missing.
inline constexpr std::string_view kMendTables =
    "run `gatehouse init` as root (with --site NAME for a further site), which grants what is "
    "missing and brings the tables up to date; or by hand the GRANTs of sql/grants.sql, and then "
    "`gatehouse migrate`";

/// Gives those of `all`, which begins with number 0, that the database does not have yet. `refused`
/// where a table of another program has the name of one of ours, or the database is from a later
/// version of Gatehouse.
[[nodiscard]] Result<std::vector<Migration>> pending(Connection& connection,
                                                     std::span<const Migration> all);

/// Hears what migrate() does now, in words that go on with a time: "applying 0002_users (2 of 4)".
using MigrationStage = std::function<void(std::string)>;

/// Applies the pending migrations in their order and gives them, and tells each of them to `stage`
/// before. One host at a time does so: it
/// waits for another that migrates now, a minute at most, and is `unavailable` after that.
/// `refused` as pending(); `failed` where the account lacks a right. What was applied before an
/// error stays, and the next call goes on from there.
Result<std::vector<Migration>> migrate(
    Connection& connection, std::span<const Migration> all,
    const MigrationStage& stage = [](const std::string&) {});

}  // namespace gatehouse::mysql
