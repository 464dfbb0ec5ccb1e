#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/user/new_hash.h"
#include "cli/user/refusals.h"
#include "cli/user/role_names.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"
#include "user/standing_tables.h"

namespace gatehouse::cli::users {
namespace {

/// A name that can be given to a new user. Others may stand in a table already, and work but for
/// the applications behind protected places.
Result<user::Username> new_name(const std::string& text) {
  auto name = user::Username::parse(text);
  if (!name || user::fits_header(text)) return name;
  return fail(Error::Kind::invalid,
              "a name with a control character, or with a blank at an end, cannot be told to "
              "applications (Remote-User): choose another");
}

/// What must be right before somebody is asked for a password.
Result<void> may_be_added(Database& database, const user::Username& name,
                          const user::Roles& roles) {
  if (auto refused = foreign_table(database, "added")) return tl::unexpected(std::move(*refused));
  if (!roles.empty()) {
    if (auto refused = no_role_change(database)) return tl::unexpected(std::move(*refused));
  }
  const auto found = database.users().find(name);
  if (!found) return tl::unexpected(explained(found.error()));
  if (found->users.empty() && found->unreadable.empty()) return {};
  if (found->users.empty() || found->users.front().name == name.text()) {
    return fail(Error::Kind::invalid,
                fmt::format("there is a user {} already", log::quoted(name.text())));
  }
  const user::User& other = found->users.front();
  return fail(
      Error::Kind::invalid,
      fmt::format("{} is the same name as {} (id {}) to the collation of the column: "
                  "choose another",
                  log::quoted(name.text()), log::quoted(other.name), log::quoted(other.id.text())));
}

/// ` and the roles admin, editor`, behind the id.
std::string roles_text(const user::Roles& roles) {
  if (roles.empty()) return "";
  return fmt::format(" and the role{} {}", roles.size() == 1 ? "" : "s", joined(roles));
}

/// Adds the row, and takes from its id whatever an earlier user of that id had.
Result<user::UserId> add_row(Database& database, const user::Username& name,
                             const user::Roles& roles, const Secret& hash) {
  return database.change([&](mysql::Connection& connection) -> Result<user::UserId> {
    auto id = database.table_on(connection).add(name, hash);
    if (!id || !database.has_session_tables()) return id;
    if (auto gone = user::forget_standing(connection, *id); !gone) {
      return tl::unexpected(gone.error());
    }
    for (const auto& role : roles) {
      if (auto added = user::add_role(connection, *id, role); !added) {
        return tl::unexpected(added.error());
      }
    }
    if (auto revoked = session::revoke_sessions_of(connection, *id); !revoked) {
      return tl::unexpected(revoked.error());
    }
    return id;
  });
}

}  // namespace

int add_user(const UserVerb& verb, const std::string& name, const std::vector<std::string>& roles,
             PasswordSource source) {
  const auto username = new_name(name);
  if (!username) return fail_with(username.error(), verb.err);
  const auto given = parse_roles(roles);
  if (!given) return fail_with(given.error(), verb.err);
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  if (const auto may = may_be_added(*database, *username, *given); !may) {
    return fail_with(may.error(), verb.err);
  }
  const auto password = read_good_password(database->settings(), name, source, verb.in);
  if (!password) return fail_with(password.error(), verb.err);
  note_carriage_return(*password, source, verb.err);
  const auto hash = hash_for_new(database->settings(), *password);
  if (!hash) return fail_with(hash.error(), verb.err);
  const auto id = add_row(*database, *username, *given, *hash);
  if (!id) return fail_with(id.error(), verb.err);
  audit({.kind = log::EventKind::user_enabled,
         .message = "user: added",
         .user_id = id->text(),
         .user = name});
  verb.out << fmt::format("the user {} is added, with the id {}{}\n", log::quoted(name),
                          log::quoted(id->text()), roles_text(*given));
  return kOk;
}

}  // namespace gatehouse::cli::users
