#include "cli/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <system_error>

#include "base/log.h"
#include "base/system_group.h"
#include "cli/check_names.h"
#include "cli/command_line.h"
#include "cli/migrate.h"
#include "config/keys.h"
#include "config/listen_address.h"
#include "config/load.h"
#include "config/mysql_servers.h"
#include "guard/proxy_suspicion.h"
#include "mysql/connection.h"
#include "mysql/passwordless_account.h"
#include "mysql/pool.h"
#include "password/policy.h"
#include "session/sessions.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

using config::Loaded;

/// Collects problems, with which the check fails, and warnings. Each is reported at the line of the
/// setting that it comes from.
class Findings {
 public:
  explicit Findings(Loaded& loaded) : loaded_(loaded), of_the_file_(loaded.problems) {}

  /// Does nothing for a setting that is perhaps not the one that is meant.
  void add(std::string_view key, std::string_view what) {
    if (!trusted(key)) return;
    loaded_.problems.push_back(loaded_.problem(key, what));
  }
  /// Adds a warning: the setting may be meant so, and does not fail the check.
  void warn(std::string_view key, std::string_view what) {
    if (!trusted(key)) return;
    warnings_.push_back(loaded_.problem(key, what));
  }
  /// Whether the section has no problem in the file, and is not perhaps under a wrong name there.
  [[nodiscard]] bool sound(std::string_view section) const {
    const std::string name(section);
    if (faulty(name + ".") || faulty(name + ":")) return false;
    const auto first = loaded_.lines.lower_bound(name + ".");
    return !lost_sections() ||
           (first != loaded_.lines.end() && first->first.starts_with(name + "."));
  }
  [[nodiscard]] const std::vector<config::Problem>& warnings() const noexcept { return warnings_; }
  /// Adds the error in `result`, if there is one.
  template <class T>
  void add_error_of(std::string_view key, const Result<T>& result) {
    if (!result) add(key, result.error().what);
  }
  /// Adds the error of reading a file, if there is one, with the file's name if the error lacks it.
  template <class T>
  void add_error_of(std::string_view key, const std::filesystem::path& file,
                    const Result<T>& result) {
    if (result) return;
    const std::string& what = result.error().what;
    add(key, what.starts_with(file.string()) ? what : fmt::format("{}: {}", file.string(), what));
  }

 private:
  [[nodiscard]] bool trusted(std::string_view key) const {
    if (sound(key.substr(0, key.find('.')))) return true;
    return loaded_.lines.find(key) != loaded_.lines.end() && !faulty(std::string(key) + ":");
  }
  [[nodiscard]] bool faulty(std::string_view prefix) const {
    return std::any_of(of_the_file_.begin(), of_the_file_.end(),
                       [&](const auto& problem) { return problem.what.starts_with(prefix); });
  }
  /// Whether there is an unknown section, or the file could not be read to its end.
  [[nodiscard]] bool lost_sections() const {
    return std::any_of(of_the_file_.begin(), of_the_file_.end(), [](const auto& problem) {
      const auto names = config::sections();
      const auto section = problem.what.substr(0, problem.what.find_first_of(".:"));
      return std::find(names.begin(), names.end(), section) == names.end();
    });
  }

  Loaded& loaded_;
  const std::vector<config::Problem> of_the_file_;
  std::vector<config::Problem> warnings_;
};

void check_socket(const config::Server& server, Findings& findings) {
  const auto address = config::ListenAddress::parse(server.listen);
  if (!address || address->path.empty()) return;
  const auto folder = std::filesystem::path(address->path).parent_path();
  // The folder need not be writable, since systemd may make the socket.
  if (std::error_code error; !std::filesystem::is_directory(folder, error)) {
    findings.add("server.listen", fmt::format("there is no folder {}", folder.string()));
  }
  if (!server.socket_group.empty() && !find_group(server.socket_group)) {
    findings.add("server.socket_group", fmt::format("there is no group {}", server.socket_group));
  }
}

void check_certificate(const std::filesystem::path& file, Findings& findings) {
  if (!file.empty() && ::access(file.c_str(), R_OK) != 0) {
    findings.add("mysql.tls_ca", fmt::format("{} cannot be read: {}", file.string(),
                                             std::generic_category().message(errno)));
  }
}

void check_files(const config::Settings& settings, Findings& findings) {
  check_socket(settings.server, findings);
  check_certificate(settings.mysql.tls_ca, findings);
  findings.add_error_of("mysql.password_file", settings.mysql.password_file,
                        config::mysql_password(settings.mysql));
  if (!settings.session.user.empty()) {  // otherwise it is the file of the user table's account
    findings.add_error_of("session.password_file", settings.session.password_file,
                          config::session_password(settings));
  }
  findings.add_error_of("session.key_file", settings.session.key_file,
                        session::KeyRing::load(settings.session.key_file));
}

/// Reports the error of policy_of(), which begins with the name of its key.
void check_passwords(const config::Settings& settings, Findings& findings) {
  const auto policy = password::policy_of(settings.password);
  if (!policy) {
    const std::string& what = policy.error().what;
    const auto colon = what.find(": ");
    findings.add(what.substr(0, colon), what.substr(colon + 2));
  } else if (!policy->write.empty()) {
    findings.warn(
        "password.write",
        "every row becomes " + policy->write +
            " at its next login: an application that cannot read that locks its users out");
  }
}

/// Reports an account that lets in anybody: who gets in can read every hash and write sessions.
void check_account(std::string_view key, mysql::Connection& connection,
                   const config::Mysql& settings, Findings& findings) {
  const auto open = mysql::passwordless_account(connection, settings);
  if (!open) return findings.add(key, open.error().what);
  if (*open) {
    findings.add(key, fmt::format("anybody who reaches MySQL can log in as {} without a password: "
                                  "set one with ALTER USER, or run sql/grants.sql again, which "
                                  "lets only the system's user {} in",
                                  **open, settings.user));
  }
}

/// Reports an anonymous account that can read our data, even if the service's own account is
/// closed.
void check_anonymous_account(const config::Mysql& settings, Findings& findings) {
  const auto anonymous = mysql::anonymous_account(settings);
  if (!anonymous) return;
  findings.warn("mysql.database",
                fmt::format("anybody who reaches MySQL can use this database as {}, under any name "
                            "and without a password: DROP USER, or REVOKE its rights",
                            *anonymous));
}

/// Connects to the user table's database and tries the queries. It is called only if the file and
/// what it names are right.
void check_user_table(const config::Settings& settings, Findings& findings) {
  const auto password = config::mysql_password(settings.mysql);
  const auto queries = user::parse_queries(settings.user);
  const auto census = user::parse_census(settings.user);
  if (!password || !queries || !census) return;
  mysql::Connection::start_library();
  const auto connection = mysql::Connection::open(settings.mysql, *password);
  if (!connection) {
    const bool by_socket = settings.mysql.host.empty();
    findings.add(by_socket ? "mysql.socket" : "mysql.host", connection.error().what);
    return;
  }
  check_account("mysql.user", **connection, settings.mysql, findings);
  check_anonymous_account(settings.mysql, findings);
  findings.add_error_of("user.query", user::check_lookup(**connection, queries->lookup));
  findings.add_error_of("user.census_query", user::check_census(**connection, *census));
  if (queries->roles) {
    findings.add_error_of("user.roles_query", user::check_standing(**connection, *queries->roles));
  }
  if (queries->disabled) {
    findings.add_error_of("user.disabled_query",
                          user::check_standing(**connection, *queries->disabled));
  }
  if (queries->update) {
    findings.add_error_of("user.update_query", user::check_update(**connection, *queries->update));
  }
}

/// Says which of several servers cannot keep sessions now, and why. It is a problem only if no
/// server can.
void check_each_server(const config::Settings& settings, const Secret& password,
                       Findings& findings) {
  const auto servers = config::servers_of(config::session_mysql(settings));
  if (!servers || settings.session.store == config::SessionStore::memory) return;
  const bool several = settings.session.hosts == config::SessionHosts::several;
  const auto access = several ? mysql::Access::sharing : mysql::Access::writing;
  std::size_t good = 0;
  std::vector<std::string> remarks;
  for (const config::Mysql& server : *servers) {
    const auto connection = mysql::Connection::open(server, password, access);
    const std::string name =
        server.host.empty() ? server.socket : fmt::format("{}:{}", server.host, server.port);
    if (!connection) {
      remarks.push_back(
          fmt::format("{} cannot keep sessions now: {}", name, connection.error().what));
      continue;
    }
    ++good;
    if ((*connection)->server_kind() == mysql::ServerKind::replica) {
      remarks.push_back(
          fmt::format("{} is an asynchronous replica: a logout that is written to another "
                      "server comes there late",
                      name));
    }
  }
  const std::string_view key = settings.mysql.host.empty() ? "mysql.socket" : "mysql.host";
  for (const std::string& what : remarks) {
    good > 0 ? findings.warn(key, what) : findings.add(key, what);
  }
}

/// Reports Gatehouse's own tables that are missing.
void check_own_tables(const config::Settings& settings, Findings& findings) {
  const auto password = config::session_password(settings);
  if (settings.session.store == config::SessionStore::memory || !password) return;
  const auto connection = mysql::Connection::open(config::session_mysql(settings), *password);
  if (!connection) {
    const bool as_user_table = settings.session.user.empty() && settings.session.database.empty();
    if (!as_user_table) findings.add("session.database", connection.error().what);
    return;
  }
  if (!settings.session.user.empty()) {
    check_account("session.user", **connection, config::session_mysql(settings), findings);
  }
  check_each_server(settings, *password, findings);
  const auto pending = mysql::pending(**connection, migrations());
  findings.add_error_of("session.store", pending);
  if (!pending || pending->empty()) return;
  std::string names;
  for (const auto& one : *pending) names.append(names.empty() ? "" : ", ").append(one.name);
  findings.add("session.store", fmt::format("tables are missing ({}): `gatehouse migrate --config "
                                            "FILE` makes them, with an account that may",
                                            names));
}

/// Warns of a proxy that nginx takes for the visitors, and of somebody who sprays.
void warn_of_logins(const config::Settings& settings, mysql::Pool& tables, Findings& findings) {
  const auto keys = session::KeyRing::load(settings.session.key_file);
  if (!keys) return;  // reported before
  const auto troubles = session::login_troubles(tables, *keys);
  findings.add_error_of("session.store", troubles);
  if (!troubles) return;
  if (troubles->proxy)
    findings.warn("guard.address_free_guesses", guard::proxy_advice(*troubles->proxy));
  if (troubles->sprayed > 0) {
    findings.warn(
        "guard.on_spraying",
        fmt::format("somebody tries many names: {} failed logins in five minutes, at least "
                    "five times as many as usual",
                    troubles->sprayed));
  }
}

/// Runs the lookup query for the names of those who are logged in, and reports surprises only; and
/// for each of `names`, and writes to `out` what it finds. It is called only if all else is right.
void try_names(const config::Settings& settings, const std::vector<std::string>& names,
               Findings& findings, std::ostream& out) {
  auto password = config::mysql_password(settings.mysql);
  auto session_password = config::session_password(settings);
  auto queries = user::parse_queries(settings.user);
  if (!password || !session_password || !queries) return;
  log::configure(spdlog::level::off);
  mysql::Pool pool(settings.mysql, std::move(*password));
  user::MysqlUserDirectory users(pool, std::move(*queries));
  if (settings.session.store == config::SessionStore::mysql) {
    mysql::Pool session_pool(config::session_mysql(settings), std::move(*session_password));
    const auto store = session::open_session_tables(settings.session, session_pool);
    const auto surprises = surprises_of_names(*store, users);
    findings.add_error_of("user.query", surprises);
    warn_of_logins(settings, session_pool, findings);
    for (const auto& what : surprises.value_or(std::vector<std::string>())) {
      findings.warn("user.query", what);
    }
  }
  for (const auto& name : names) {
    const auto lines = describe_name(users, name);
    findings.add_error_of("user.query", lines);
    for (const auto& line : lines.value_or(std::vector<std::string>())) out << line << '\n';
  }
}

/// Runs all checks, adds the problems to `loaded` and returns the warnings.
std::vector<config::Problem> find_problems(Loaded& loaded, bool offline,
                                           const std::vector<std::string>& names,
                                           std::ostream& out) {
  Findings findings(loaded);
  check_files(loaded.settings, findings);
  findings.add_error_of("user.query", user::parse_lookup(loaded.settings.user));
  findings.add_error_of("user.update_query", user::parse_update(loaded.settings.user));
  findings.add_error_of("user.census_query", user::parse_census(loaded.settings.user));
  check_passwords(loaded.settings, findings);
  findings.add_error_of("user.roles_query", user::parse_roles(loaded.settings.user));
  findings.add_error_of("user.disabled_query", user::parse_disabled(loaded.settings.user));
  if (!offline && findings.sound("mysql")) {
    check_user_table(loaded.settings, findings);
    if (findings.sound("session")) check_own_tables(loaded.settings, findings);
    if (loaded.problems.empty()) try_names(loaded.settings, names, findings, out);
  }
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return findings.warnings();
}

}  // namespace

int check(const std::filesystem::path& config_file, bool offline,
          const std::vector<std::string>& names, std::ostream& out) {
  Loaded loaded = config::load(config_file);
  for (const auto& warning : find_problems(loaded, offline, names, out)) {
    out << config::to_string({warning.file, warning.line, "warning: " + warning.what}) << '\n';
  }
  for (const auto& problem : loaded.problems) out << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return kProblems;
  out << config_file.string() << ": ok\n";
  return kOk;
}

}  // namespace gatehouse::cli
