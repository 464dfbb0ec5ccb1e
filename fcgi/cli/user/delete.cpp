#include <fmt/format.h>

#include <ostream>
#include <string>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/confirm.h"
#include "cli/user/refusals.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"
#include "user/standing_tables.h"

namespace gatehouse::cli::users {
namespace {

/// An error unless the administrator says yes.
Result<void> ask_first(const std::string& name) {
  const auto agreed =
      confirm(fmt::format("Delete the user {} with roles and sessions? [y/N] ", name));
  if (!agreed) {
    return fail(agreed.error().kind,
                agreed.error().what + ": say with --yes that the user is to be deleted");
  }
  if (!*agreed) return fail(Error::Kind::invalid, "nothing is deleted");
  return {};
}

Result<void> remove(Database& database, const user::User& row) {
  return database.change([&](mysql::Connection& connection) -> Result<void> {
    const auto removed = database.table_on(connection).remove(row.id);
    if (!removed) return tl::unexpected(removed.error());
    if (!*removed) return fail(Error::Kind::invalid, "the user has been deleted meanwhile");
    if (!database.has_session_tables()) return {};
    if (auto gone = user::forget_standing(connection, row.id); !gone) return gone;
    return session::revoke_sessions_of(connection, row.id);
  });
}

}  // namespace

int delete_user(const UserVerb& verb, const Whom& whom, bool sure) {
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  if (const auto refused = foreign_table(*database, "deleted"))
    return fail_with(*refused, verb.err);
  const auto row = database->find(whom);
  if (!row) return fail_with(row.error(), verb.err);
  if (!sure) {
    if (const auto asked = ask_first(name_of(*row)); !asked)
      return fail_with(asked.error(), verb.err);
  }
  const auto sessions = live_sessions(*database, row->id);
  const auto removed = remove(*database, *row);
  if (!removed) return fail_with(removed.error(), verb.err);
  audit(log::EventKind::user_disabled, "user: deleted", *row);
  verb.out << fmt::format("the user {} is deleted, and {}\n", name_of(*row),
                          end_of_sessions(*database, sessions));
  return kOk;
}

}  // namespace gatehouse::cli::users
