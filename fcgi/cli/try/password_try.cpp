#include "cli/try/password_try.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "base/log.h"
#include "cli/command_line.h"
#include "cli/hints.h"
#include "cli/session_tables.h"
#include "cli/strangers.h"
#include "cli/try/diagnosis.h"
#include "cli/verb.h"
#include "config/load.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

/// What a login asks, and the rows that it finds.
struct Scene {
  const config::Settings& settings;
  user::MysqlUserDirectory& users;
  mysql::Pool* tables;  ///< null where the sessions are not in MySQL
  std::ostream& out;
};

/// Whose login is accepted.
enum class Accepted {
  nobodys,
  from_known_places,  ///< the account is closed to strangers
  after_a_wait,       ///< the same where an address has failed itself
  everybodys,
};

/// What the failures of strangers mean for a login.
enum class Throttle { none, waits, closed };

Result<user::Matches> rows_of(Scene& scene, const user::Username& name) {
  auto found = scene.users.find(name);
  if (!found) return found;
  for (const auto& row : found->unreadable)
    scene.out << "row: cannot be read: " << row.what << '\n';
  if (found->users.empty()) {
    scene.out << "row: user.query finds none by the name " << log::quoted(name.text()) << '\n';
  }
  return found;
}

/// Says whether strangers must wait before they may guess at this name.
Result<Throttle> tell_throttle(Scene& scene, const user::Username& name,
                               const user::Matches& found) {
  if (scene.tables == nullptr) return Throttle::none;
  const auto most =
      failures_of_strangers(scene.settings, *scene.tables, scene.users, name, found.users);
  if (!most) return tl::unexpected(most.error());
  const auto& guard = scene.settings.guard;
  if (*most >= guard.close_after) {
    scene.out << fmt::format("closed to strangers: they have failed {} times\n", *most);
  } else if (*most >= guard.strangers_free_guesses) {
    scene.out << fmt::format(
        "throttled: {} failures of strangers: each guess of a stranger waits up to {}\n", *most,
        wait_text(guard.strangers_max_wait));
  } else if (*most >= guard.free_guesses) {
    scene.out << fmt::format("failures: {} of strangers\n", *most);
  }
  if (*most >= guard.close_after) return Throttle::closed;
  // One address may have made all of them.
  return *most >= std::min(guard.free_guesses, guard.strangers_free_guesses) ? Throttle::waits
                                                                             : Throttle::none;
}

/// Says whether the user may log in at all.
Result<bool> tell_standing(Scene& scene, const user::User& user) {
  const auto standing = scene.users.standing(user.id);
  if (!standing) return tl::unexpected(standing.error());
  if (standing->disabled) {
    scene.out << "disabled: user.disabled_query or the table user_disabled names this user\n";
    return false;
  }
  std::string roles;
  for (const auto& role : standing->roles) {
    roles.append(roles.empty() ? "" : ", ").append(role.text());
  }
  scene.out << "roles: " << (roles.empty() ? "none" : roles) << '\n';
  return true;
}

/// Says of each row what a login finds. The rows whose password matches.
std::vector<const user::User*> tell_rows(Scene& scene, const user::Matches& found,
                                         const Secret& password) {
  std::vector<const user::User*> matching;
  const tries::Diagnosis diagnosis(scene.settings);
  for (const user::User& user : found.users) {
    scene.out << "row: the user id " << log::quoted(user.id.text()) << ", called "
              << log::quoted(user.name) << '\n';
    const auto told =
        diagnosis.of({user.password_hash.view(), user.name, user.salt, user.scheme}, password);
    for (const std::string& line : told.lines) scene.out << line << '\n';
    if (told.matches) matching.push_back(&user);
  }
  return matching;
}

Result<Accepted> tell(Scene& scene, const user::Username& name, const user::Matches& found,
                      const Secret& password) {
  if (found.users.size() > 1) {
    scene.out << fmt::format("rows: {}{}\n", found.users.size(),
                             found.users.size() > user::kMostTriedRows
                                 ? ", more than a login tries: nobody can log in by this name"
                                 : ": a login is that of the only one whose password matches");
  }
  const auto matching = tell_rows(scene, found, password);
  if (matching.size() > 1) {
    scene.out << "The password is that of several rows: nobody can log in with it.\n";
  }
  const auto throttle = tell_throttle(scene, name, found);
  if (!throttle) return tl::unexpected(throttle.error());
  if (matching.size() != 1 || found.users.size() > user::kMostTriedRows) {
    return Accepted::nobodys;
  }
  return tell_standing(scene, *matching.front()).map([&](bool may_log_in) {
    if (!may_log_in) return Accepted::nobodys;
    switch (*throttle) {
      case Throttle::none:
        return Accepted::everybodys;
      case Throttle::waits:
        return Accepted::after_a_wait;
      case Throttle::closed:
        return Accepted::from_known_places;
    }
    return Accepted::nobodys;
  });
}

int tell_end(Accepted accepted, const std::string& name, const config::Guard& guard,
             std::ostream& out) {
  switch (accepted) {
    case Accepted::nobodys:
      out << "A login is refused.\n";
      return kProblems;
    case Accepted::from_known_places:
      out << "A login is accepted from known addresses and browsers only, and refused from new "
             "ones until "
          << with_config(command_for("user unlock", name)) << ".\n";
      return kProblems;
    case Accepted::after_a_wait:
      out << fmt::format(
          "A login is accepted, but an address that has failed itself waits first, {} at most: "
          "{}.\n",
          wait_text(longest_wait_of_address(guard)), link_hint(name));
      return kOk;
    case Accepted::everybodys:
      out << "A login is accepted.\n";
      return kOk;
  }
  return kProblems;
}

}  // namespace

int password_try(const std::filesystem::path& config_file, const std::string& name,
                 PasswordSource source, std::istream& in, const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto username = user::Username::parse(name);
  if (!username) return fail_with(username.error(), output.err);
  auto queries = user::parse_queries(settings->user);
  if (!queries) return fail_with(queries.error(), output.err);
  auto account = config::mysql_password(settings->mysql);
  if (!account) return fail_with(account.error(), output.err);
  mysql::Connection::start_library();
  mysql::Pool pool(settings->mysql, std::move(*account), mysql::Access::reading);
  std::unique_ptr<SessionTables> tables;
  if (settings->session.store == config::SessionStore::mysql) {
    auto opened = open_tables(*settings, Reading::some);
    if (!opened) return fail_with(opened.error(), output.err);
    tables = std::move(*opened);
  }
  mysql::Pool* const own = tables ? &tables->pool : nullptr;
  user::MysqlUserDirectory users(pool, std::move(*queries), own, settings->user.name_collation);
  Scene scene{*settings, users, own, output.out};
  const auto found = rows_of(scene, *username);
  if (!found) return fail_with(found.error(), output.err);
  if (found->users.empty()) return kProblems;
  const auto password = read_password_from(source, in, "--stdin");
  if (!password) return fail_with(password.error(), output.err);
  note_carriage_return(*password, source, output.err);
  const auto accepted = tell(scene, *username, *found, *password);
  if (!accepted) return fail_with(accepted.error(), output.err);
  return tell_end(*accepted, name, settings->guard, output.out);
}

}  // namespace gatehouse::cli
