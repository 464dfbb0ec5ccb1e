/// Other accounts of the database server that may write users or sessions.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/log.h"
#include "cli/check/parts.h"
#include "cli/user/account.h"
#include "config/load.h"
#include "mysql/connection.h"
#include "user/user_table.h"

namespace gatehouse::cli::checks {
namespace {

constexpr std::size_t kMost = 10'000;

/// The tables that decide who is logged in as whom, and with which roles.
constexpr std::array<std::string_view, 4> kSessionTables = {"session", "session_epoch", "user_role",
                                                            "user_disabled"};

/// For each account, as `'name'@'host'`, the tables that it may write.
using Writers = std::map<std::string, std::set<std::string>>;

/// Whether everybody's rights can be read, and not only those of the account that asks.
bool sees_all(mysql::Connection& connection) {
  return connection.select("SELECT 1 FROM mysql.user LIMIT 1", {}, 1).has_value();
}

/// Those who may write everything are administrators, and known to be.
Result<std::set<std::string>> administrators(mysql::Connection& connection) {
  const auto rows = connection.select(
      "SELECT DISTINCT grantee FROM information_schema.user_privileges"
      " WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'SUPER')",
      {}, kMost);
  if (!rows) return tl::unexpected(rows.error());
  std::set<std::string> all;
  for (const auto& row : *rows) all.insert(row[0].value_or(""));
  return all;
}

/// Adds the accounts that may write a table of the schema, by a right to the table, to columns of
/// it, or to the schema, whose name may be a pattern there.
Result<void> add_writers(mysql::Connection& connection, const std::string& schema,
                         const std::string& table, Writers& writers) {
  constexpr std::string_view kWriters =
      "SELECT grantee FROM information_schema.table_privileges WHERE table_schema = ?"
      " AND table_name = ? AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE')"
      " UNION SELECT grantee FROM information_schema.column_privileges WHERE table_schema = ?"
      " AND table_name = ? AND privilege_type IN ('INSERT', 'UPDATE')"
      " UNION SELECT grantee FROM information_schema.schema_privileges WHERE ? LIKE table_schema"
      " AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE')";
  const auto rows = connection.select(kWriters, {schema, table, schema, table, schema}, kMost);
  if (!rows) return tl::unexpected(rows.error());
  for (const auto& row : *rows) writers[row[0].value_or("")].insert(table);
  return {};
}

/// The tables of the schema whose names stand in the query.
Result<std::vector<std::string>> tables_in(mysql::Connection& connection, const std::string& schema,
                                           const std::string& query) {
  const auto rows = connection.select(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", {schema}, kMost);
  if (!rows) return tl::unexpected(rows.error());
  const auto is_word = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::vector<std::string> tables;
  for (const auto& row : *rows) {
    const std::string name = row[0].value_or("");
    for (auto at = query.find(name); at != std::string::npos && !name.empty();
         at = query.find(name, at + 1)) {
      const bool begins = at == 0 || !is_word(query[at - 1]);
      const bool ends = at + name.size() == query.size() || !is_word(query[at + name.size()]);
      if (!begins || !ends) continue;
      tables.push_back(name);
      break;
    }
  }
  return tables;
}

/// Leaves out administrators, the service's own accounts, and the anonymous one, which is reported
/// by itself.
void leave_out(Writers& writers, const std::set<std::string>& administrators,
               const config::Settings& settings) {
  std::erase_if(writers, [&](const auto& writer) {
    const std::string& grantee = writer.first;
    const auto is_of = [&](const std::string& name) {
      return grantee.starts_with("'" + name + "'@");
    };
    return administrators.contains(grantee) || is_of(settings.mysql.user) || is_of("") ||
           (!settings.session.user.empty() && is_of(settings.session.user));
  });
}

std::string list_of(const auto& names) {
  std::string list;
  for (const auto& name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

void check_session_tables(mysql::Connection& connection, const config::Settings& settings,
                          const std::set<std::string>& known, Findings& findings) {
  if (settings.session.store == config::SessionStore::memory) return;
  const std::string schema = config::session_mysql(settings).database;
  Writers writers;
  for (const std::string_view table : kSessionTables) {
    const auto added = add_writers(connection, schema, std::string(table), writers);
    if (!added) return findings.note("rights of other accounts: " + added.error().what);
  }
  leave_out(writers, known, settings);
  for (const auto& [account, tables] : writers) {
    findings.warn("session.database",
                  fmt::format("the account {} may write {}: whoever breaks into what uses it can "
                              "become any user",
                              account, list_of(tables)),
                  "Give Gatehouse's tables a database of their own (session.database), or REVOKE "
                  "INSERT, UPDATE, DELETE there");
  }
}

/// The application that owns the users' table writes it, with one account. Nobody but
/// administrators need write the table of sql/schema.sql.
void check_user_tables(mysql::Connection& connection, const config::Settings& settings,
                       const std::set<std::string>& known, Findings& findings) {
  const std::string& schema = settings.mysql.database;
  const auto tables = tables_in(connection, schema, settings.user.query);
  if (!tables) return findings.note("rights of other accounts: " + tables.error().what);
  Writers writers;
  for (const std::string& table : *tables) {
    const auto added = add_writers(connection, schema, table, writers);
    if (!added) return findings.note("rights of other accounts: " + added.error().what);
  }
  leave_out(writers, known, settings);
  const std::size_t expected = user::has_own_schema(settings.user) ? 0 : 1;
  if (writers.size() <= expected) return;
  std::set<std::string> accounts;
  for (const auto& writer : writers) accounts.insert(writer.first);
  findings.warn("user.query",
                fmt::format("{} may write the table of users ({}), and so give anybody another "
                            "password",
                            list_of(accounts), list_of(*tables)),
                "REVOKE INSERT, UPDATE, DELETE from those that need not");
}

}  // namespace

void check_rights_of_others(const config::Settings& settings, Findings& findings) {
  const auto access = users::administrator_access(settings, {});
  if (!access) return;  // an account of the configuration, whose password has been reported
  mysql::Connection::start_library();
  const auto connection = mysql::Connection::open(access->settings.mysql, access->user_password);
  if (!connection) return;  // reported by check_database()
  const auto known = sees_all(**connection)
                         ? administrators(**connection)
                         : Result<std::set<std::string>>(fail(Error::Kind::refused,
                                                              "only an administrator "
                                                              "sees them: run this as "
                                                              "root on MySQL's host"));
  if (!known) {
    return findings.note("rights of other accounts are not looked at: " + known.error().what);
  }
  check_session_tables(**connection, settings, *known, findings);
  check_user_tables(**connection, settings, *known, findings);
}

}  // namespace gatehouse::cli::checks
