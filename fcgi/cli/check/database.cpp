/// What MySQL says: the accounts, the queries, the tables, each of several servers.
#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "base/log.h"
#include "cli/check/mysql_remedies.h"
#include "cli/check/names.h"
#include "cli/check/parts.h"
#include "cli/migrate.h"
#include "config/load.h"
#include "config/mysql_servers.h"
#include "guard/proxy_suspicion.h"
#include "mysql/passwordless_account.h"
#include "mysql/pool.h"
#include "session/sessions.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli::checks {
namespace {

/// Reports an account that lets in anybody: who gets in can read every hash and write sessions.
void check_account(std::string_view key, mysql::Connection& connection,
                   const config::Mysql& settings, Findings& findings) {
  const auto open = mysql::passwordless_account(connection, settings);
  if (!open) return findings.add(key, open.error().what);
  if (*open) {
    findings.add(
        key, fmt::format("anybody who reaches MySQL can log in as {} without a password", **open),
        fmt::format("Set one with ALTER USER; or run sql/grants.sql again, which lets only the "
                    "system's user {} in",
                    settings.user));
  }
}

/// Reports an anonymous account that can read our data, even if the service's own account is
/// closed.
void check_anonymous_account(const config::Mysql& settings, Findings& findings) {
  const auto anonymous = mysql::anonymous_account(settings);
  if (!anonymous) return;
  findings.warn("mysql.database",
                fmt::format("anybody who reaches MySQL can use this database as {}, under any name "
                            "and without a password",
                            *anonymous),
                fmt::format("DROP USER {}, or REVOKE its rights", *anonymous));
}

/// Connects to the user table's database and tries the queries.
void check_user_table(const config::Settings& settings, const Passwords& passwords,
                      Findings& findings) {
  if (!passwords.mysql) {
    return findings.note(
        "MySQL is not asked until mysql.password_file can be read: run this again then");
  }
  mysql::Connection::start_library();
  const auto connection = mysql::Connection::open(settings.mysql, *passwords.mysql);
  if (!connection) {
    const Advice advice = advice_for_connection(connection.error(), settings.mysql);
    return findings.add(advice.key, connection.error().what, advice.remedy);
  }
  check_account("mysql.user", **connection, settings.mysql, findings);
  check_anonymous_account(settings.mysql, findings);
  check_queries(**connection, settings, findings);
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
void check_own_tables(const config::Settings& settings, const Passwords& passwords,
                      Findings& findings) {
  const Result<Secret>& password = passwords.session;
  if (settings.session.store == config::SessionStore::memory || !password) return;
  const auto connection = mysql::Connection::open(config::session_mysql(settings), *password);
  if (!connection) {
    const bool as_user_table = settings.session.user.empty() && settings.session.database.empty();
    const Advice advice = advice_for_sessions(connection.error(), settings);
    if (!as_user_table) findings.add(advice.key, connection.error().what, advice.remedy);
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
  findings.add("session.store", fmt::format("tables are missing ({})", names),
               "`gatehouse migrate` makes them; `gatehouse init` does, if the account of the "
               "sessions may not");
}

/// Warns of a proxy that nginx takes for the visitors, and of somebody who sprays.
void warn_of_logins(const config::Settings& settings, mysql::Pool& tables, Findings& findings) {
  const auto keys = session::KeyRing::load(settings.session.key_file);
  if (!keys) return;  // reported before
  if (const auto proved = session::prove_guard_tables(tables); !proved) {
    return findings.add("session.store",
                        "failed logins and known browsers cannot be kept, so that each host counts "
                        "alone, and its owners may have to wait: " +
                            proved.error().what);
  }
  const auto kept =
      settings.events.max_rows > 0 ? session::prove_event_table(tables) : Result<void>();
  if (!kept) {
    findings.add("session.store",
                 "logins and failed logins cannot be kept for `gatehouse events` and the account "
                 "page: " +
                     kept.error().what);
  }
  const auto troubles = session::login_troubles(tables, *keys);
  findings.add_error_of("session.store", troubles);
  if (!troubles) return;
  if (troubles->proxy) {
    findings.warn("guard.address_free_guesses", guard::proxy_advice(*troubles->proxy));
  }
  if (troubles->sprayed > 0) {
    findings.warn(
        "guard.on_spraying",
        fmt::format("somebody tries many names: {} failed logins in five minutes, at least "
                    "five times as many as usual",
                    troubles->sprayed));
  }
}

}  // namespace

void check_database(const config::Settings& settings, const Passwords& passwords,
                    Findings& findings) {
  check_user_table(settings, passwords, findings);
  if (findings.sound("session")) return check_own_tables(settings, passwords, findings);
  findings.note(
      "the tables of the sessions are not looked at until the problems of [session] above are "
      "mended");
}

void try_names(const config::Settings& settings, const Passwords& passwords,
               const std::vector<std::string>& names, Findings& findings, std::ostream& out) {
  auto queries = user::parse_queries(settings.user);
  if (!passwords.mysql || !passwords.session || !queries) return;
  log::configure(spdlog::level::off);
  mysql::Pool pool(settings.mysql, Secret::copy_of(passwords.mysql->view()));
  user::MysqlUserDirectory users(pool, std::move(*queries));
  if (settings.session.store == config::SessionStore::mysql) {
    mysql::Pool session_pool(config::session_mysql(settings),
                             Secret::copy_of(passwords.session->view()));
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

}  // namespace gatehouse::cli::checks
