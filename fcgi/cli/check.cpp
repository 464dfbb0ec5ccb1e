#include "cli/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <system_error>

#include "base/system_group.h"
#include "cli/command_line.h"
#include "cli/tables.h"
#include "config/listen_address.h"
#include "config/load.h"
#include "config/mysql_servers.h"
#include "mysql/connection.h"
#include "password/policy.h"
#include "session/keys.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

using config::Loaded;

/// Adds what is wrong to the problems of the file, at the line of the setting that leads there.
class Findings {
 public:
  explicit Findings(Loaded& loaded) : loaded_(loaded) {}

  void add(std::string_view key, std::string_view what) {
    loaded_.problems.push_back(loaded_.problem(key, what));
  }
  /// What may be meant so.
  void warn(std::string_view key, std::string_view what) {
    warnings_.push_back(loaded_.problem(key, what));
  }
  [[nodiscard]] const std::vector<config::Problem>& warnings() const noexcept { return warnings_; }
  /// What `result` holds, if it holds an error.
  template <class T>
  void add_error_of(std::string_view key, const Result<T>& result) {
    if (!result) add(key, result.error().what);
  }
  /// The same of a file; some errors do not name it.
  template <class T>
  void add_error_of(std::string_view key, const std::filesystem::path& file,
                    const Result<T>& result) {
    if (result) return;
    const std::string& what = result.error().what;
    add(key, what.starts_with(file.string()) ? what : fmt::format("{}: {}", file.string(), what));
  }

 private:
  Loaded& loaded_;
  std::vector<config::Problem> warnings_;
};

void check_socket(const config::Server& server, Findings& findings) {
  const auto address = config::ListenAddress::parse(server.listen);
  if (!address || address->path.empty()) return;
  const auto folder = std::filesystem::path(address->path).parent_path();
  // That it may be written is not asked: where systemd makes the socket, it need not be.
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
  if (!settings.session.user.empty()) {  // else it is the same file
    findings.add_error_of("session.password_file", settings.session.password_file,
                          config::session_password(settings));
  }
  findings.add_error_of("session.key_file", settings.session.key_file,
                        session::KeyRing::load(settings.session.key_file));
}

/// The error begins with its key.
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

/// Called only where the file and what it names are right.
void ask_mysql(const config::Settings& settings, Findings& findings) {
  const auto password = config::mysql_password(settings.mysql);
  const auto queries = user::parse_queries(settings.user);
  if (!password || !queries) return;
  mysql::Connection::start_library();
  const auto connection = mysql::Connection::open(settings.mysql, *password);
  if (!connection) {
    const bool by_socket = settings.mysql.host.empty();
    findings.add(by_socket ? "mysql.socket" : "mysql.host", connection.error().what);
    return;
  }
  findings.add_error_of("user.query", user::check_look_up(**connection, queries->look_up));
  findings.add_error_of("user.census_query", user::check_census(**connection, queries->census));
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

/// What each of several servers is good for. One that is not used now is no error: another may be.
void ask_each_server(const config::Settings& settings, const Secret& password, Findings& findings) {
  const auto servers = config::servers_of(config::session_mysql(settings));
  if (!servers || settings.session.store == config::SessionStore::memory) return;
  const bool several = settings.session.hosts == config::SessionHosts::several;
  const auto access = several ? mysql::Access::sharing : mysql::Access::writing;
  std::size_t good = 0;
  std::vector<std::string> others;
  for (const config::Mysql& server : *servers) {
    const auto connection = mysql::Connection::open(server, password, access);
    const std::string name =
        server.host.empty() ? server.socket : fmt::format("{}:{}", server.host, server.port);
    if (!connection) {
      others.push_back(
          fmt::format("{} cannot keep sessions now: {}", name, connection.error().what));
      continue;
    }
    ++good;
    if ((*connection)->server_kind() == mysql::ServerKind::replica) {
      others.push_back(
          fmt::format("{} is an asynchronous replica: a logout that is written to another "
                      "server comes there late",
                      name));
    }
  }
  const std::string_view key = settings.mysql.host.empty() ? "mysql.socket" : "mysql.host";
  for (const std::string& what : others)
    good > 0 ? findings.warn(key, what) : findings.add(key, what);
}

/// The tables of our own.
void ask_for_tables(const config::Settings& settings, Findings& findings) {
  const auto password = config::session_password(settings);
  if (settings.session.store == config::SessionStore::memory || !password) return;
  const auto connection = mysql::Connection::open(config::session_mysql(settings), *password);
  if (!connection) {
    const bool as_user_table = settings.session.user.empty() && settings.session.database.empty();
    if (!as_user_table) findings.add("session.database", connection.error().what);
    return;
  }
  ask_each_server(settings, *password, findings);
  const auto missing = mysql::missing(**connection, migrations());
  findings.add_error_of("session.store", missing);
  if (!missing || missing->empty()) return;
  std::string names;
  for (const auto& one : *missing) names.append(names.empty() ? "" : ", ").append(one.name);
  findings.add("session.store", fmt::format("tables are missing ({}): `gatehouse migrate --config "
                                            "FILE` makes them, with an account that may",
                                            names));
}

/// Adds the problems to `loaded`; gives the warnings.
std::vector<config::Problem> find_problems(Loaded& loaded, bool offline) {
  Findings findings(loaded);
  check_files(loaded.settings, findings);
  findings.add_error_of("user.query", user::parse_look_up(loaded.settings.user));
  findings.add_error_of("user.update_query", user::parse_update(loaded.settings.user));
  check_passwords(loaded.settings, findings);
  findings.add_error_of("user.roles_query", user::parse_roles(loaded.settings.user));
  findings.add_error_of("user.disabled_query", user::parse_disabled(loaded.settings.user));
  if (!offline) {
    ask_mysql(loaded.settings, findings);
    ask_for_tables(loaded.settings, findings);
  }
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return findings.warnings();
}

}  // namespace

int check(const std::filesystem::path& config_file, bool offline, std::ostream& out) {
  Loaded loaded = config::load(config_file);
  // Beyond a faulty file nothing can be said: its settings may not be the ones that are meant.
  if (loaded.problems.empty()) {
    for (const auto& warning : find_problems(loaded, offline)) {
      out << config::to_string({warning.file, warning.line, "warning: " + warning.what}) << '\n';
    }
  }
  for (const auto& problem : loaded.problems) out << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return kProblems;
  out << config_file.string() << ": ok\n";
  return kOk;
}

}  // namespace gatehouse::cli
