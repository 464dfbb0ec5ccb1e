#include <fmt/format.h>

#include <ostream>
#include <string_view>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/user/refusals.h"
#include "cli/user/role_names.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"
#include "user/standing_tables.h"

namespace gatehouse::cli::users {
namespace {

/// What the change of a table beside the sessions means for sessions.
using Consequence = Result<void> (*)(mysql::Connection& connection, const user::UserId& id);

/// Finds the user, makes the change with its consequence, and says `done`, or `was_so` if all was
/// so already, and behind it what became of the sessions if they are revoked. `refusal` says
/// whether the tables let it.
template <class Change>
int change_standing(const UserVerb& verb, const Whom& whom,
                    std::optional<Error> (*refusal)(const Database&), Consequence consequence,
                    const Change& change, log::EventKind kind, std::string_view done,
                    std::string_view was_so) {
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  if (const auto refused = refusal(*database)) return fail_with(*refused, verb.err);
  const auto row = database->find(whom);
  if (!row) return fail_with(row.error(), verb.err);
  const bool logs_out = consequence == session::revoke_sessions_of;
  const auto sessions = logs_out ? live_sessions(*database, row->id) : std::nullopt;
  const auto changed = database->change([&](mysql::Connection& connection) -> Result<bool> {
    auto made = change(connection, row->id);
    if (!made) return made;
    return consequence(connection, row->id).map([&] { return *made; });
  });
  if (!changed) return fail_with(changed.error(), verb.err);
  if (*changed) audit(kind, fmt::format("user: {}", done), *row);
  verb.out << fmt::format("{} {}{}\n", name_of(*row), *changed ? done : was_so,
                          logs_out ? " " + end_of_sessions(*database, sessions) : "");
  return kOk;
}

int change_role(const UserVerb& verb, const Whom& whom, const std::string& text,
                Result<bool> (*change)(mysql::Connection&, const user::UserId&, const user::Role&),
                std::string_view done, std::string_view was_so) {
  const auto role = parse_role(text);
  if (!role) return fail_with(role.error(), verb.err);
  const std::string named = log::quoted(role->text());
  return change_standing(
      verb, whom, no_role_change, session::announce_change_of,
      [&](mysql::Connection& connection, const user::UserId& id) {
        return change(connection, id, *role);
      },
      log::EventKind::roles_changed, fmt::format(fmt::runtime(done), named),
      fmt::format(fmt::runtime(was_so), named));
}

}  // namespace

int disable_user(const UserVerb& verb, const Whom& whom) {
  return change_standing(verb, whom, no_disabling, session::revoke_sessions_of, user::disable,
                         log::EventKind::user_disabled, "is disabled, and",
                         "was disabled already, and is");
}

int enable_user(const UserVerb& verb, const Whom& whom) {
  return change_standing(verb, whom, no_disabling, session::announce_change_of, user::enable,
                         log::EventKind::user_enabled, "may log in again", "was not disabled");
}

int add_role(const UserVerb& verb, const Whom& whom, const std::string& role) {
  return change_role(verb, whom, role, user::add_role, "has the role {} now",
                     "had the role {} already");
}

int remove_role(const UserVerb& verb, const Whom& whom, const std::string& role) {
  return change_role(verb, whom, role, user::remove_role, "has the role {} no more",
                     "did not have the role {}");
}

}  // namespace gatehouse::cli::users
