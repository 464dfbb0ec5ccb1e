#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include "base/time_text.h"
#include "cli/command_line.h"
#include "cli/hints.h"
#include "cli/session_tables.h"
#include "cli/strangers.h"
#include "cli/text.h"
#include "cli/user/role_names.h"
#include "cli/user/verbs.h"
#include "cli/verb.h"
#include "http/json.h"
#include "password/site.h"
#include "password/verifier.h"

namespace gatehouse::cli::users {
namespace {

/// The facts that are shown of a user. One that is empty is not known.
struct Shown {
  const user::User& row;
  user::Standing standing;
  password::Census::Group hash;
  std::optional<std::size_t> sessions{};
  std::optional<std::chrono::microseconds> since_login{};
  std::optional<std::uint64_t> failures{};  ///< of strangers
  bool closed = false;                      ///< to strangers, after so many
};

/// The form of the hash, and what a login with it does, as `password census` says of a table.
Result<password::Census::Group> form_of(const config::Settings& settings, const user::User& row) {
  auto site = password::site_of(settings);
  if (!site) return tl::unexpected(site.error());
  const password::Verifier verifier(settings.password, std::move(site->policy),
                                    std::move(site->transform));
  auto census = verifier.census();
  census.add(password::Row(row.password_hash.view(), row.name, row.salt, row.scheme));
  return census.groups().front();
}

/// Whoever may read the users need not be allowed to read the key file or the counts: then nothing
/// is said of them.
void look_at_failures(Database& database, const user::Username& name, Shown& shown) {
  const auto failures = failures_of_strangers(database.settings(), database.session_tables(),
                                              database.users(), name, {&shown.row, 1});
  if (!failures) return;
  shown.failures = *failures;
  shown.closed = *failures >= database.settings().guard.close_after;
}

Result<Shown> look_at(Database& database, const user::User& row, const std::string& typed) {
  auto standing = database.users().standing(row.id);
  if (!standing) return tl::unexpected(explained(std::move(standing.error())));
  auto hash = form_of(database.settings(), row);
  if (!hash) return tl::unexpected(std::move(hash.error()));
  Shown shown{row, std::move(*standing), std::move(*hash)};
  if (!database.has_session_tables()) return shown;
  auto sessions = database.sessions().list(row.id);
  if (!sessions) return tl::unexpected(explained(sessions.error()));
  remove_refused(database.settings(), *sessions);
  const auto login = database.read_sessions(
      [&](mysql::Connection& connection) { return session::last_login(connection, row.id); });
  if (!login) return tl::unexpected(explained(login.error()));
  shown.sessions = sessions->size();
  shown.since_login = *login;
  if (const auto name = user::Username::parse(typed)) look_at_failures(database, *name, shown);
  return shown;
}

/// Writes nothing where the query has no such columns.
void attributes_as_json(const user::Attributes& attributes, http::JsonWriter& json) {
  if (attributes.empty()) return;
  for (const bool fits : {true, false}) {
    json.key(fits ? "attributes" : "unfit_attributes").begin_object();
    attributes.for_each([&](const auto& one) {
      if (one.fits == fits) json.key(one.header).text(one.text);
    });
    json.end_object();
  }
}

std::string as_json(const Shown& shown) {
  http::JsonWriter json;
  json.begin_object().key("id").text(shown.row.id.text()).key("username").text(shown.row.name);
  json.key("disabled").boolean(shown.standing.disabled).key("roles").begin_array();
  for (const auto& role : shown.standing.roles) json.text(role.text());
  json.end_array();
  attributes_as_json(shown.row.attributes, json);
  json.key("password").begin_object().key("scheme").text(shown.hash.scheme);
  json.key("parameters").text(shown.hash.parameters);
  json.key("state").text(to_string(shown.hash.state)).end_object();
  if (shown.sessions) json.key("sessions").number(*shown.sessions);
  if (shown.since_login) json.key("last_login").text(time_ago(*shown.since_login));
  if (shown.failures) json.key("closed_to_strangers").boolean(shown.closed);
  json.end_object();
  return json.take();
}

/// The scheme with its parameters, and what a login with it does: "argon2id (…), fine".
std::string hash_text(const password::Census::Group& hash) {
  const std::string parameters =
      hash.parameters.empty() ? "" : fmt::format(" ({})", hash.parameters);
  return fmt::format("{}{}: {}", hash.scheme, parameters, to_string(hash.state));
}

/// What wrong passwords mean for whoever logs in now; empty where that is nothing.
std::string guesses_text(const Shown& shown, const config::Guard& guard, const std::string& typed) {
  if (!shown.failures ||
      *shown.failures < std::min(guard.free_guesses, guard.strangers_free_guesses)) {
    return "";
  }
  if (shown.closed) {
    return fmt::format(
        "closed to strangers after {} wrong passwords: accepted from known addresses and browsers "
        "only, until {}; {}",
        *shown.failures, with_config(command_for("user unlock", typed)), link_hint(typed));
  }
  const std::string strangers =
      *shown.failures >= guard.strangers_free_guesses
          ? fmt::format("strangers wait up to {}, an address that has failed itself up",
                        wait_text(guard.strangers_max_wait))
          : "an address that has failed itself waits up";
  return fmt::format("{} wrong passwords: {} to {}; {}", *shown.failures, strangers,
                     wait_text(longest_wait_of_address(guard)), link_hint(typed));
}

void print(const Shown& shown, const config::Guard& guard, const std::string& typed,
           std::ostream& out) {
  const auto line = [&](std::string_view label, std::string_view value) {
    out << fmt::format("{:<12}{}\n", label, value);
  };
  line("name", printable(shown.row.name));
  line("id", printable(shown.row.id.text()));
  line("disabled", shown.standing.disabled ? "yes" : "no");
  line("roles", shown.standing.roles.empty() ? "none" : joined(shown.standing.roles));
  shown.row.attributes.for_each([&](const auto& one) {
    const auto value = one.fits ? printable(one.text) : fmt::format("not sent: {}", one.text);
    line("attribute", fmt::format("{}: {}", one.header, value));
  });
  line("password", hash_text(shown.hash));
  line("sessions", shown.sessions ? std::to_string(*shown.sessions)
                                  : "only the running service knows (session.store)");
  line("last login", shown.since_login ? time_ago(*shown.since_login) : "not known");
  if (const auto guesses = guesses_text(shown, guard, typed); !guesses.empty()) {
    line("guesses", guesses);
  }
}

}  // namespace

int show_user(const UserVerb& verb, const Whom& whom, bool json) {
  const auto database = open_database(verb.config_file, verb.account, verb.err);
  if (!database) return kProblems;
  const auto row = database->find(whom);
  if (!row) return fail_with(row.error(), verb.err);
  const auto shown = look_at(*database, *row, whom.name);
  if (!shown) return fail_with(shown.error(), verb.err);
  if (json) {
    verb.out << as_json(*shown) << '\n';
  } else {
    print(*shown, database->settings().guard, whom.name, verb.out);
  }
  return kOk;
}

}  // namespace gatehouse::cli::users
