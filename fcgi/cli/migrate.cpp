#include "cli/migrate.h"

#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/progress.h"
#include "cli/verb.h"
#include "config/load.h"

namespace gatehouse::text {
extern const std::string_view migration_0;
extern const std::string_view migration_1;
extern const std::string_view migration_2;
extern const std::string_view migration_3;
extern const std::string_view migration_4;
extern const std::string_view migration_5;
extern const std::string_view migration_6;
}  // namespace gatehouse::text

namespace gatehouse::cli {

std::span<const mysql::Migration> migrations() {
  static const std::array<mysql::Migration, 7> all = {{
      {0, "0000_bookkeeping", text::migration_0},
      {1, "0001_sessions", text::migration_1},
      {2, "0002_users", text::migration_2},
      {3, "0003_login_names", text::migration_3},
      {4, "0004_key_use", text::migration_4},
      {5, "0005_guesses", text::migration_5},
      {6, "0006_events", text::migration_6},
  }};
  return all;
}

namespace {

/// How long a statement may take. One that rebuilds a big table takes longer than a request may.
constexpr std::chrono::hours kLongestStatement{1};

void print(std::span<const mysql::Migration> migrations, std::string_view verb, std::ostream& out) {
  for (const auto& migration : migrations) out << verb << ' ' << migration.name << '\n';
  if (migrations.empty()) out << "nothing to do\n";
}

Result<std::vector<mysql::Migration>> apply(mysql::Connection& connection, const Output& output) {
  Progress progress("waiting for MySQL", output.err, output.err_terminal);
  return mysql::migrate(connection, migrations(),
                        [&](std::string stage) { progress.begin({.what = std::move(stage)}); });
}

}  // namespace

int migrate(const std::filesystem::path& config_file, bool dry_run, const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto password = config::session_password(*settings);
  if (!password) return fail_with(password.error(), output.err);
  config::Mysql mysql = config::session_mysql(*settings);
  mysql::Connection::start_library();
  auto connection = mysql::Connection::open(mysql, *password, mysql::Access::writing);
  if (!connection) return fail_with(connection.error(), output.err);
  if (dry_run) {
    const auto pending = mysql::pending(**connection, migrations());
    if (!pending) return fail_with(pending.error(), output.err);
    print(*pending, "would apply", output.out);
    return kOk;
  }
  mysql.timeout = kLongestStatement;
  connection = mysql::Connection::open(mysql, *password, mysql::Access::writing);
  if (!connection) return fail_with(connection.error(), output.err);
  auto applied = apply(**connection, output);
  if (!applied) {
    // The server has refused a statement for good: the account lacks a right.
    const bool lacks_rights = applied.error().kind == Error::Kind::failed;
    if (lacks_rights) applied.error().what.append(": ").append(mysql::kMendTables);
    return fail_with(applied.error(), output.err);
  }
  print(*applied, "applied", output.out);
  return kOk;
}

}  // namespace gatehouse::cli
