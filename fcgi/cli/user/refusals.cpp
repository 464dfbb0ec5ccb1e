#include "cli/user/refusals.h"

#include <fmt/format.h>

#include <string>

namespace gatehouse::cli::users {
namespace {

std::string_view instead_of(std::string_view what) {
  if (what == "added") {
    return "add the user with the site's application, or by an INSERT of your own with a hash from "
           "`gatehouse password hash --scheme NAME`";
  }
  if (what == "listed") {
    return "user.query finds one name at a time: `gatehouse user show NAME` shows one, `gatehouse "
           "session list` those who are logged in";
  }
  return "delete the user with the site's application: the sessions end within user.max_age, at "
         "once with `gatehouse session revoke --user NAME`; `gatehouse user disable NAME` keeps "
         "somebody out meanwhile";
}

/// The tables beside the sessions are not there, or the site has a query in their place.
std::optional<Error> not_in_our_table(const Database& database, const std::string& query,
                                      std::string_view key, std::string_view table) {
  if (!query.empty()) {
    return Error{Error::Kind::refused,
                 fmt::format("{} of the configuration says so, and not the table {}: change what "
                             "that query reads (it counts within user.max_age)",
                             key, table)};
  }
  if (database.has_session_tables()) return std::nullopt;
  return Error{Error::Kind::refused,
               fmt::format("session.store is \"memory\", and the table {} is beside the sessions "
                           "in MySQL: set session.store = \"mysql\" and run `gatehouse migrate`, "
                           "or set {}",
                           table, key)};
}

}  // namespace

std::optional<Error> foreign_table(const Database& database, std::string_view what) {
  if (database.has_own_schema()) return std::nullopt;
  return Error{Error::Kind::refused,
               fmt::format("users can be {} in the table of sql/schema.sql alone, and user.query "
                           "names another one, which belongs to another program: {}",
                           what, instead_of(what))};
}

std::optional<Error> no_password_change(const Database& database) {
  if (database.has_own_schema() || database.writes_hashes()) return std::nullopt;
  return Error{Error::Kind::refused,
               "user.query names the table of another program, and user.update_query, by which its "
               "passwords could be written, is not set: set it, change the password with the "
               "site's application, or by an UPDATE of your own with a hash from `gatehouse "
               "password hash --scheme NAME`"};
}

std::optional<Error> no_role_change(const Database& database) {
  return not_in_our_table(database, database.settings().user.roles_query, "user.roles_query",
                          "user_role");
}

std::optional<Error> no_disabling(const Database& database) {
  return not_in_our_table(database, database.settings().user.disabled_query, "user.disabled_query",
                          "user_disabled");
}

}  // namespace gatehouse::cli::users
