#include <fmt/format.h>

#include <utility>

#include "cli/init/files.h"
#include "cli/init/rights.h"
#include "cli/init/sql_text.h"
#include "cli/init/work.h"
#include "cli/migrate.h"
#include "mysql/migration.h"

namespace gatehouse::text {
extern const std::string_view users_schema;
}  // namespace gatehouse::text

namespace gatehouse::cli::init {
namespace {

/// An error of the administrator's statement, with the way out.
Error explained(Error error, const DatabaseSide& side) {
  error.what += fmt::format(
      " (as {}; an account with more rights is named by --admin-user NAME "
      "--admin-password-file FILE)",
      shown(side.administrator.user()));
  return error;
}

Result<void> execute(const DatabaseSide& side, std::string_view sql,
                     const std::string& database = "") {
  const auto connection = side.administrator.connect(database);
  if (!connection) return tl::unexpected(connection.error());
  const auto done = (*connection)->execute(sql);
  if (!done) return tl::unexpected(explained(done.error(), side));
  return {};
}

Step statement(const DatabaseSide& side, const std::string& sql) {
  return {"SQL: " + shown_text(sql), [&side, sql] { return execute(side, sql); }};
}

std::filesystem::path password_file(const Situation& situation) {
  const auto& named = situation.configured.loaded.settings.mysql.password_file;
  return named.empty() ? situation.configured.file.parent_path() / "mysql.password" : named;
}

/// True if the password of the file opens the account.
bool opens(const DatabaseSide& side, const std::filesystem::path& file) {
  config::Mysql settings;
  settings.socket = side.administrator.socket();
  settings.user = side.user;
  settings.database.clear();
  settings.password_file = file;
  const auto password = config::mysql_password(settings);
  return password && !password->empty() && mysql::Connection::open(settings, *password).has_value();
}

/// The file is written first: if the statement fails, the next run sees that its password does not
/// open the account, and makes another.
Step password_step(const DatabaseSide& side, const Situation& situation) {
  const auto file = password_file(situation);
  const std::string warning =
      side.account
          ? "\n  (a new password: another program that logs in to MySQL as this account is "
            "refused until it has that, too)"
          : "";
  return {fmt::format("SQL: {} {} IDENTIFIED BY '…'; the password goes to {}{}",
                      side.account ? "ALTER USER" : "CREATE USER", account_sql(side.user),
                      shown(file.string()), warning),
          [&side, file]() -> Result<void> {
            const Secret password = new_password();
            if (auto kept = replace_file(file, password.view(), 0600); !kept) return kept;
            const Secret sql = password_statement(side.account, side.user, side.product, password);
            return execute(side, sql.view());
          }};
}

Result<void> add_account_steps(const DatabaseSide& side, const Situation& situation,
                               mysql::Connection& connection, std::vector<Step>& steps) {
  if (side.login_by == LoginBy::password) {
    const bool is_right = side.account && side.account->by_password;
    if (!is_right || !opens(side, password_file(situation))) {
      steps.push_back(password_step(side, situation));
    }
    return {};
  }
  const auto plugin = plugin_statement(connection, side.product);
  if (!plugin) return tl::unexpected(plugin.error());
  if (*plugin) steps.push_back(statement(side, **plugin));
  if (const auto sql = socket_statement(side.account, side.user, side.product)) {
    steps.push_back(statement(side, *sql));
    if (side.account) {
      steps.back().what += fmt::format(
          "\n  (nobody can log in to MySQL as {} with a password any more: if another program "
          "does, "
          "give that one an account of its own, or keep the password by --with-password)",
          side.user);
    }
  }
  return {};
}

Rights wanted_rights(const DatabaseSide& side, const Situation& situation) {
  Rights wanted;
  // Where the sessions have an account of their own, its rights are the administrator's.
  if (situation.configured.loaded.settings.session.user.empty()) {
    wanted = rights_to_own_tables(side.own.database);
  }
  if (side.users) {
    wanted.insert(side.users->rights.begin(), side.users->rights.end());
    if (side.rehash) {
      const Rights& more = side.users->update_rights;
      wanted.insert(more.begin(), more.end());
    }
  }
  return wanted;
}

/// False where the configuration has queries that the administrator has written: what they need is
/// not known, so that no right may be taken away.
bool knows_all_queries(const DatabaseSide& side, const Situation& situation) {
  if (!side.users) return false;
  const auto& now = situation.configured.loaded.settings.user;
  return !side.users_stay || (now.roles_query == side.users->roles_query &&
                              now.disabled_query == side.users->disabled_query);
}

Result<void> add_rights_steps(const DatabaseSide& side, const Situation& situation,
                              mysql::Connection& connection, std::vector<Step>& steps) {
  const auto now = granted(connection, side.user);
  if (!now) return tl::unexpected(now.error());
  const Rights wanted = wanted_rights(side, situation);
  for (const auto& sql : grants(wanted, *now, side.user)) steps.push_back(statement(side, sql));
  if (!knows_all_queries(side, situation)) return {};
  for (const auto& sql : revokes(wanted, *now, side.user)) steps.push_back(statement(side, sql));
  return {};
}

Result<bool> has_database(mysql::Connection& connection, const std::string& name) {
  return connection
      .select("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", {name}, 2)
      .map([](const mysql::Rows& rows) { return !rows.empty(); });
}

Result<bool> has_table(mysql::Connection& connection, const std::string& schema,
                       const std::string& table) {
  return connection
      .select("SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
              {schema, table}, 2)
      .map([](const mysql::Rows& rows) { return !rows.empty(); });
}

/// The one statement of sql/schema.sql.
std::string schema_statement() {
  std::string_view text = text::users_schema;
  text.remove_prefix(text.find("CREATE TABLE"));
  return std::string(text.substr(0, text.rfind(';')));
}

Result<void> migrate_as(const DatabaseSide& side) {
  const auto connection = side.administrator.connect(side.own.database);
  if (!connection) return tl::unexpected(connection.error());
  return mysql::migrate(**connection, migrations())
      .map([](const std::vector<mysql::Migration>&) {})
      .map_error([&](const Error& error) { return explained(error, side); });
}

/// An error if a table of another program has the name of one of ours.
Result<bool> lacks_tables(const DatabaseSide& side, bool database_exists) {
  if (!database_exists) return true;
  const auto connection = side.administrator.connect(side.own.database);
  if (!connection) return tl::unexpected(connection.error());
  return mysql::pending(**connection, migrations())
      .map([](const std::vector<mysql::Migration>& left) { return !left.empty(); });
}

}  // namespace

Result<void> add_database_steps(const DatabaseSide& side, const Situation& situation,
                                std::vector<Step>& steps) {
  const auto connection = side.administrator.connect();
  if (!connection) return tl::unexpected(connection.error());
  const auto exists = has_database(**connection, side.own.database);
  if (!exists) return tl::unexpected(exists.error());
  if (!*exists) {
    steps.push_back(statement(side, fmt::format("CREATE DATABASE IF NOT EXISTS {} CHARACTER SET "
                                                "utf8mb4",
                                                quoted_name(side.own.database))));
  }
  const auto there = has_table(**connection, side.own.database, "user");
  if (!there) return tl::unexpected(there.error());
  if (side.own_users && !*there) {
    steps.push_back({fmt::format("make the table of users {} (sql/schema.sql)",
                                 quoted_name(side.own.database, "user")),
                     [&side] { return execute(side, schema_statement(), side.own.database); }});
  }
  if (auto added = add_account_steps(side, situation, **connection, steps); !added) return added;
  if (auto added = add_rights_steps(side, situation, **connection, steps); !added) return added;
  if (situation.configured.loaded.settings.session.store == config::SessionStore::memory) return {};
  const auto lacks = lacks_tables(side, *exists);
  if (!lacks) return tl::unexpected(lacks.error());
  if (*lacks) {
    steps.push_back({fmt::format("make or update the tables of Gatehouse's own in {} (as "
                                 "`gatehouse migrate`)",
                                 quoted_name(side.own.database)),
                     [&side] { return migrate_as(side); }});
  }
  return {};
}

}  // namespace gatehouse::cli::init
