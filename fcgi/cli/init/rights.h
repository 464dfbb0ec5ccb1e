/// Rights of a database account, and the statements that bring them to what is wanted.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::cli::init {

/// A right to one table, or to one column of it.
struct Right {
  std::string schema;
  std::string table;
  std::string privilege;  ///< "SELECT"
  std::string column;     ///< empty means the whole table

  friend bool operator<(const Right& left, const Right& right) {
    return std::tie(left.schema, left.table, left.privilege, left.column) <
           std::tie(right.schema, right.table, right.privilege, right.column);
  }
  friend bool operator==(const Right& left, const Right& right) = default;
};
using Rights = std::set<Right>;

/// Adds the right to read (or to do something else with) these columns; the names stand with blanks
/// between.
void add_rights(Rights& rights, const std::string& schema, const std::string& table,
                const std::vector<std::string>& columns, std::string_view privilege = "SELECT");
/// The rights to the tables of our own, as sql/grants.sql has them.
[[nodiscard]] Rights rights_to_own_tables(const std::string& database);

/// The account, as SQL has it, on this host.
[[nodiscard]] std::string account_sql(const std::string& user);

/// What an account may do now.
struct Granted {
  Rights rights;
  /// Rights to more than a table, as sentences: "SELECT on all of shop", "SUPER on everything".
  std::vector<std::string> wide;
};
[[nodiscard]] Result<Granted> granted(mysql::Connection& connection, const std::string& user);

/// The GRANTs for what is wanted and not there, one for each table. A right to a whole table
/// includes those to its columns.
[[nodiscard]] std::vector<std::string> grants(const Rights& wanted, const Granted& now,
                                              const std::string& user);
/// The GRANTs for all that is wanted, to an account as SQL has it.
[[nodiscard]] std::vector<std::string> grants_to(const Rights& wanted, const std::string& account);
/// The REVOKEs of rights to columns that are not wanted any more. Rights to whole tables stay,
/// since somebody may have given them on purpose.
[[nodiscard]] std::vector<std::string> revokes(const Rights& wanted, const Granted& now,
                                               const std::string& user);

}  // namespace gatehouse::cli::init
