#include "cli/init/applications.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "cli/init/sql_text.h"
#include "config/settings.h"

namespace gatehouse::cli::init {
namespace {

/// An application that feeds something else than the password into a hash of a usual form, and the
/// columns by which it is known.
struct Unreadable {
  std::string_view name;
  std::string_view columns;
  std::string_view why;
};

constexpr std::array<Unreadable, 5> kUnreadable = {{
    {"Matomo", "login superuser_access", "it hashes the MD5 of a password"},
    {"SuiteCRM", "user_name user_hash external_auth_only", "it hashes the MD5 of a password"},
    {"SMF", "member_name passwd password_salt", "it hashes the name and the password together"},
    {"Flask-Security", "fs_uniquifier password", "it hashes an HMAC of a password"},
    {"MyBB", "uid salt loginkey usergroup", "it hashes two MD5 together"},
}};

}  // namespace

std::optional<UserSource> own_table(const Table& table, const Surroundings& around) {
  if (table.name != "user" || table.schema != around.own.database || table.columns.size() != 3 ||
      !table.has("id username password")) {
    return std::nullopt;
  }
  auto source =
      SourceBuilder(table, "id", "password", around.own).login("username").build("Gatehouse");
  // The verbs of `gatehouse user` know the table by the default query.
  source.query = config::User().query;
  source.census_query = config::User().census_query;
  source.update_query = "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash";
  return source;
}

std::string unreadable_application(const Table& table) {
  for (const Unreadable& one : kUnreadable) {
    if (table.has(one.columns)) {
      return fmt::format(
          "{}: {}. Its tables are not those of the preset, so that user.query, user.scheme and "
          "user.password_transform must be written by hand (gatehouse.toml(5))",
          one.name, one.why);
    }
  }
  return "";
}

std::vector<UserSource> known_applications(const Table& table, const Surroundings& around) {
  if (auto own = own_table(table, around)) return {std::move(*own)};
  return applications_of(table, around);
}

std::string as_role(std::string_view expression) {
  return fmt::format("CONVERT({} USING utf8mb4) COLLATE utf8mb4_bin", expression);
}

}  // namespace gatehouse::cli::init
