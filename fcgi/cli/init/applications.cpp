#include "cli/init/applications.h"

#include <fmt/format.h>

#include <array>

#include "base/encoding.h"
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

constexpr std::array<Recogniser, 11> kApplications = {own_table, wordpress, joomla, drupal,
                                                      drupal7,   phpbb,     django, moodle,
                                                      nextcloud, laravel,   symfony};

}  // namespace

const Table* Surroundings::beside(const Table& users, const std::string& name,
                                  std::string_view columns) const {
  const Table* table = schemas.find(users.schema, name);
  return table != nullptr && table->has(columns) ? table : nullptr;
}

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
      return fmt::format("{}: {}, which Gatehouse does not compute", one.name, one.why);
    }
  }
  return "";
}

std::optional<UserSource> known_application(const Table& table, const Surroundings& around) {
  for (const Recogniser recogniser : kApplications) {
    if (auto source = recogniser(table, around)) return source;
  }
  return std::nullopt;
}

std::optional<std::string> prefix_before(std::string_view suffix, const std::string& table) {
  if (table.size() < suffix.size()) return std::nullopt;
  const auto at = table.size() - suffix.size();
  if (!equal_ignoring_case(std::string_view(table).substr(at), suffix)) return std::nullopt;
  return table.substr(0, at);
}

std::string as_role(std::string_view expression) {
  return fmt::format("CONVERT({} USING utf8mb4) COLLATE utf8mb4_bin", expression);
}

}  // namespace gatehouse::cli::init
