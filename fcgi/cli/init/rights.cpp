#include "cli/init/rights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <map>
#include <utility>

#include "cli/init/console.h"
#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::size_t kMostRights = 10'000;

struct TableRights {
  std::string_view table;
  std::vector<std::string_view> privileges;
};

/// CREATE, ALTER and INDEX are for `gatehouse migrate`, which runs as the service's user.
const std::vector<TableRights>& own_tables() {
  static const std::vector<TableRights> all = {
      {"session", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"session_epoch", {"SELECT", "INSERT", "UPDATE", "CREATE", "ALTER", "INDEX"}},
      {"session_key", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"session_key_use", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"login_failure", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"login_place", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"login_event", {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX"}},
      {"user_role", {"SELECT", "CREATE", "ALTER", "INDEX"}},
      {"user_disabled", {"SELECT", "CREATE", "ALTER", "INDEX"}},
      {"gatehouse_lease", {"SELECT", "INSERT", "UPDATE", "CREATE"}},
      {"gatehouse_migration", {"SELECT", "INSERT", "CREATE"}},
  };
  return all;
}

/// `SELECT (`a`, `b`), UPDATE` for the rights to one table.
std::string list(const std::vector<Right>& rights) {
  std::map<std::string, std::vector<std::string>> columns;
  for (const Right& right : rights) {
    auto& names = columns[right.privilege];
    if (!right.column.empty()) names.push_back(quoted_name(right.column));
  }
  std::vector<std::string> parts;
  parts.reserve(columns.size());
  for (const auto& [privilege, names] : columns) {
    parts.push_back(names.empty() ? privilege
                                  : fmt::format("{} ({})", privilege, fmt::join(names, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> statements(const Rights& rights, std::string_view verb,
                                    std::string_view preposition, const std::string& account) {
  std::map<std::pair<std::string, std::string>, std::vector<Right>> by_table;
  for (const Right& right : rights) by_table[{right.schema, right.table}].push_back(right);
  std::vector<std::string> all;
  all.reserve(by_table.size());
  for (const auto& [table, of_table] : by_table) {
    all.push_back(fmt::format("{} {} ON {} {} {}", verb, list(of_table),
                              quoted_name(table.first, table.second), preposition, account));
  }
  return all;
}

bool is_there(const Right& right, const Rights& now) {
  return now.contains(right) ||
         now.contains({right.schema, right.table, right.privilege, std::string()});
}

}  // namespace

void add_rights(Rights& rights, const std::string& schema, const std::string& table,
                const std::vector<std::string>& columns, std::string_view privilege) {
  for (const auto& column : columns) {
    rights.insert({schema, table, std::string(privilege), column});
  }
}

Rights rights_to_own_tables(const std::string& database) {
  Rights rights;
  for (const auto& [table, privileges] : own_tables()) {
    for (const auto privilege : privileges) {
      rights.insert({database, std::string(table), std::string(privilege), ""});
    }
  }
  return rights;
}

std::string account_sql(const std::string& user) {
  return quoted_name(user) + "@`localhost`";
}

Result<Granted> granted(mysql::Connection& connection, const std::string& user) {
  Granted now;
  const std::string grantee = fmt::format("'{}'@'localhost'", user);  // as these tables write it
  const auto columns = connection.select(
      "SELECT table_schema, table_name, privilege_type, column_name"
      " FROM information_schema.column_privileges WHERE grantee = ?",
      {grantee}, kMostRights);
  if (!columns) return tl::unexpected(columns.error());
  const auto tables = connection.select(
      "SELECT table_schema, table_name, privilege_type, ''"
      " FROM information_schema.table_privileges WHERE grantee = ?",
      {grantee}, kMostRights);
  if (!tables) return tl::unexpected(tables.error());
  for (const auto* rows : {&*columns, &*tables}) {
    for (const auto& row : *rows) {
      now.rights.insert(
          {row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or("")});
    }
  }
  const auto wide = connection.select(
      "SELECT privilege_type, table_schema FROM information_schema.schema_privileges"
      " WHERE grantee = ? UNION ALL SELECT privilege_type, NULL"
      " FROM information_schema.user_privileges WHERE grantee = ? AND privilege_type <> 'USAGE'",
      {grantee, grantee}, kMostRights);
  if (!wide) return tl::unexpected(wide.error());
  for (const auto& row : *wide) {
    now.wide.push_back(fmt::format("{} on {}", row[0].value_or(""),
                                   row[1] ? "all of " + shown(*row[1]) : "everything"));
  }
  return now;
}

std::vector<std::string> grants(const Rights& wanted, const Granted& now, const std::string& user) {
  Rights missing;
  for (const Right& right : wanted) {
    if (!is_there(right, now.rights)) missing.insert(right);
  }
  return grants_to(missing, account_sql(user));
}

std::vector<std::string> grants_to(const Rights& wanted, const std::string& account) {
  return statements(wanted, "GRANT", "TO", account);
}

std::vector<std::string> revokes(const Rights& wanted, const Granted& now,
                                 const std::string& user) {
  Rights stale;
  for (const Right& right : now.rights) {
    if (!right.column.empty() && !wanted.contains(right)) stale.insert(right);
  }
  return statements(stale, "REVOKE", "FROM", account_sql(user));
}

}  // namespace gatehouse::cli::init
