#include "cli/migrate.h"

#include <array>
#include <ostream>
#include <string_view>

#include "cli/command_line.h"
#include "cli/verb.h"
#include "config/load.h"

namespace gatehouse::text {
extern const std::string_view migration_0;
extern const std::string_view migration_1;
extern const std::string_view migration_2;
extern const std::string_view migration_3;
extern const std::string_view migration_4;
extern const std::string_view migration_5;
}  // namespace gatehouse::text

namespace gatehouse::cli {

std::span<const mysql::Migration> migrations() {
  static const std::array<mysql::Migration, 6> all = {{
      {0, "0000_bookkeeping", text::migration_0},
      {1, "0001_sessions", text::migration_1},
      {2, "0002_users", text::migration_2},
      {3, "0003_login_names", text::migration_3},
      {4, "0004_key_use", text::migration_4},
      {5, "0005_guesses", text::migration_5},
  }};
  return all;
}

int migrate(const std::filesystem::path& config_file, std::ostream& out, std::ostream& err) {
  const auto settings = settings_for_verb(config_file, err);
  if (!settings) return kProblems;
  const auto password = config::session_password(*settings);
  if (!password) return fail_with(password.error(), err);
  mysql::Connection::start_library();
  const auto connection =
      mysql::Connection::open(config::session_mysql(*settings), *password, mysql::Access::writing);
  if (!connection) return fail_with(connection.error(), err);
  const auto applied = mysql::migrate(**connection, migrations());
  if (!applied) return fail_with(applied.error(), err);
  for (const auto& migration : *applied) out << "applied " << migration.name << '\n';
  if (applied->empty()) out << "nothing to do\n";
  return kOk;
}

}  // namespace gatehouse::cli
