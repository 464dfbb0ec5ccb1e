#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/user/new_hash.h"
#include "cli/user/refusals.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"

namespace gatehouse::cli::users {
namespace {

/// Writes the hash into the table of sql/schema.sql and revokes the sessions with it.
Result<void> write_own(Database& database, const user::User& row, const Secret& hash) {
  return database.change([&](mysql::Connection& connection) -> Result<void> {
    const auto set = database.table_on(connection).set_hash(row.id, hash);
    if (!set) return tl::unexpected(set.error());
    if (!*set) return fail(Error::Kind::invalid, "the user has been deleted meanwhile");
    if (!database.has_session_tables()) return {};
    return session::revoke_sessions_of(connection, row.id);
  });
}

/// The hash in the scheme of the row; where Gatehouse writes none of that kind (or there is no hash
/// yet), in that of new users, which only a table of our own is sure to allow.
Result<Secret> hash_for_own(const config::Settings& settings, const user::User& row,
                            const Secret& password) {
  auto hash = hash_for_row(settings, row, password);
  if (hash || hash.error().kind != Error::Kind::refused) return hash;
  return hash_for_new(settings, password);
}

/// Writes a hash by user.update_query, which changes nothing where the row holds another one by
/// now: a login may just have rewritten it. Then it is done again for what the row holds.
Result<void> write_foreign(Database& database, const Whom& whom, user::User row,
                           const Secret& password) {
  constexpr int kMostTries = 3;
  const user::UserId id = row.id;
  for (int tries = 0; tries < kMostTries; ++tries) {
    const auto hash = hash_for_row(database.settings(), row, password);
    if (!hash) return tl::unexpected(hash.error());
    const auto written = database.users().replace_hash(row.id, row.password_hash, *hash);
    if (!written) return tl::unexpected(explained(written.error()));
    if (*written) return {};
    auto again = database.find({whom.name, id.text()});
    if (!again) return tl::unexpected(again.error());
    row = std::move(*again);
  }
  return fail(Error::Kind::failed,
              "user.update_query changes no row: does it find the one whose hash is :old_hash by "
              ":id?");
}

Error with_advice(Error error) {
  if (error.kind == Error::Kind::refused) {
    error.what +=
        ": the row keeps its password. Change it with the site's application, or set "
        "password.write to a scheme that the application reads";
  }
  return error;
}

/// Changes a password in another program's table. Then the sessions are revoked: in between, and
/// where that fails, they show another password than the row has, and so end within user.max_age.
Result<void> change_foreign(Database& database, const Whom& whom, user::User row,
                            const Secret& password) {
  const user::UserId id = row.id;
  if (auto written = write_foreign(database, whom, std::move(row), password); !written) {
    return tl::unexpected(with_advice(std::move(written.error())));
  }
  if (!database.has_session_tables()) return {};
  const auto revoked = database.sessions().revoke_user(id, std::nullopt);
  if (revoked) return {};
  return fail(revoked.error().kind,
              "the password is changed, but the sessions are not revoked at once (they end within "
              "user.max_age): " +
                  explained(revoked.error()).what);
}

Result<void> change_own(Database& database, const user::User& row, const Secret& password) {
  const auto hash = hash_for_own(database.settings(), row, password);
  if (!hash) return tl::unexpected(hash.error());
  return write_own(database, row, *hash);
}

}  // namespace

int change_password(const UserVerb& verb, const Whom& whom, PasswordSource source) {
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  if (const auto refused = no_password_change(*database)) return fail_with(*refused, verb.err);
  auto row = database->find(whom);
  if (!row) return fail_with(row.error(), verb.err);
  const std::string name = name_of(*row);
  log::Event event{.kind = log::EventKind::password_changed,
                   .message = "password: changed",
                   .user_id = row->id.text(),
                   .user = row->name};
  const auto password = read_good_password(database->settings(), row->name, source, verb.in);
  if (!password) return fail_with(password.error(), verb.err);
  note_carriage_return(*password, source, verb.err);
  const auto sessions = live_sessions(*database, row->id);
  const auto changed = database->has_own_schema()
                           ? change_own(*database, *row, *password)
                           : change_foreign(*database, whom, std::move(*row), *password);
  if (!changed) return fail_with(changed.error(), verb.err);
  audit(std::move(event));
  verb.out << fmt::format("the password of {} is changed; the user is {}\n", name,
                          end_of_sessions(*database, sessions));
  return kOk;
}

}  // namespace gatehouse::cli::users
