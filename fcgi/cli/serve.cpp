#include "cli/serve.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>

#include "base/log.h"
#include "config/load.h"
#include "handlers/application.h"
#include "mysql/pool.h"
#include "password/new_password.h"
#include "password/site.h"
#include "password/verifier.h"
#include "server/notify.h"
#include "server/process.h"
#include "server/server.h"
#include "session/sessions.h"
#include "user/authenticator.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"
#include "user/table_census.h"

namespace gatehouse::cli {
namespace {

spdlog::level::level_enum level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug:
      return spdlog::level::debug;
    case config::LogLevel::info:
      return spdlog::level::info;
    case config::LogLevel::warning:
      return spdlog::level::warn;
    case config::LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// The contents of the files that the settings name. The service does not start if one is faulty.
struct Inputs {
  session::KeyRing keys;
  Secret mysql_password;
  Secret session_password;
  user::Queries queries;
  user::CensusQuery census;
  password::Site site;
  std::vector<server::Listener> listeners;
};

Result<Inputs> read_inputs(const config::Settings& settings) {
  auto keys = session::KeyRing::load(settings.session.key_file);
  if (!keys) return tl::unexpected(keys.error());
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto session_password = config::session_password(settings);
  if (!session_password) return tl::unexpected(session_password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  auto census = user::parse_census(settings.user);
  if (!census) return fail(census.error().kind, "user.census_query: " + census.error().what);
  auto site = password::site_of(settings);
  if (!site) return tl::unexpected(site.error());
  auto listeners = server::open_listeners(settings.server);
  if (!listeners) return tl::unexpected(listeners.error());
  return Inputs{std::move(*keys),     std::move(*password), std::move(*session_password),
                std::move(*queries),  std::move(*census),   std::move(*site),
                std::move(*listeners)};
}

/// The demands on a server of the session tables (see mysql/README.md).
mysql::Access session_access(const config::Session& settings) {
  return settings.hosts == config::SessionHosts::several ? mysql::Access::sharing
                                                         : mysql::Access::writing;
}

/// The pool of the session tables; null if they share the pool of the user table.
std::unique_ptr<mysql::Pool> session_pool(const config::Settings& settings, Secret password) {
  const bool own = settings.session.store == config::SessionStore::mysql &&
                   !(settings.session.database.empty() && settings.session.user.empty());
  if (!own) return nullptr;
  return std::make_unique<mysql::Pool>(config::session_mysql(settings), std::move(password),
                                       session_access(settings.session), session::prove_writable);
}

/// The pool of the user table, which serves the session tables as well if they have none of their
/// own.
std::unique_ptr<mysql::Pool> user_pool(const config::Settings& settings, Secret password,
                                       bool of_sessions_too) {
  if (of_sessions_too) {
    return std::make_unique<mysql::Pool>(settings.mysql, std::move(password),
                                         session_access(settings.session), session::prove_writable);
  }
  return std::make_unique<mysql::Pool>(
      settings.mysql, std::move(password),
      settings.user.update_query.empty() ? mysql::Access::reading : mysql::Access::writing);
}

void show_spray(const guard::LoginGuard::Spray& spray) {
  server::notify_status(
      spray.lasting
          ? fmt::format("Somebody tries many names: {} failed logins in five minutes", spray.recent)
          : "");
}

/// Runs the service. True after an orderly stop.
bool run(const config::Settings& settings, Inputs inputs) {
  const bool in_mysql = settings.session.store == config::SessionStore::mysql;
  auto hashes = std::make_unique<user::MysqlHashSource>(
      settings, Secret::copy_of(inputs.mysql_password.view()), std::move(inputs.census));
  const auto own_pool = session_pool(settings, std::move(inputs.session_password));
  const auto pool_of_users =
      user_pool(settings, std::move(inputs.mysql_password), in_mysql && !own_pool);
  mysql::Pool& pool = *pool_of_users;
  mysql::Pool& table_pool = own_pool ? *own_pool : pool;
  user::MysqlUserDirectory users(pool, std::move(inputs.queries), in_mysql ? &table_pool : nullptr,
                                 settings.user.name_collation);
  const password::Verifier verifier(settings.password, std::move(inputs.site.policy),
                                    std::move(inputs.site.transform));
  const user::TableCensus census(std::move(hashes), verifier);
  // After the census, so that a stop writes the last revocations before it waits for a census.
  session::Sessions sessions(settings, inputs.keys, table_pool, users,
                             [] { ::kill(::getpid(), SIGTERM); });
  const SystemClock clock;
  const guard::DeviceMint devices(inputs.keys.derive("device"), settings.session.realm);
  guard::LoginGuard login_guard(settings.guard, clock, inputs.keys.derive("guard").front(), devices,
                                sessions.acquaintances(), show_spray);
  const auto failures =
      in_mysql ? session::keep_failures(table_pool, login_guard.counts(), clock) : nullptr;
  user::Authenticator authenticator(users, verifier, sessions.rehash_observer(), login_guard);
  const password::NewPasswordRules new_passwords(settings.password.min_length,
                                                 verifier.transform());
  const http::SessionCookie cookie(settings.cookie, settings.logout.clear_cookies);
  const handlers::Application application(
      {.sessions = sessions,
       .authenticator = authenticator,
       .new_passwords = new_passwords,
       .cookie = cookie,
       .devices = devices,
       .known_for = settings.guard.known_for,
       .max_body_bytes = settings.server.max_body_bytes,
       .ready = [&](session::Patience patience) { return sessions.ready(patience); },
       .keys_claimed = [&] { return sessions.keys_claimed(); }});
  // Requests wait in the socket meanwhile, as at every restart, instead of getting 503.
  sessions.wait_for_first_claim();
  if (failures) failures->wait_for_read_back();
  server::Server server(settings.server, std::move(inputs.listeners), application);
  server::notify_ready();
  spdlog::info("gatehouse {} serves", GATEHOUSE_VERSION);
  const int signal = server::wait_for_stop_signal();
  server::notify_stopping();
  spdlog::info("{}: finishing the requests under way", ::strsignal(signal));
  server.stop();
  return !sessions.keys_refused();
}

}  // namespace

int serve(const std::filesystem::path& config_file) {
  server::harden_process();
  server::block_signals();
  const config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) {
    std::cerr << config::to_string(problem) << '\n';
  }
  if (!loaded.problems.empty()) return 1;
  log::configure(level_of(loaded.settings.log_level));
  auto inputs = read_inputs(loaded.settings);
  if (!inputs) {
    spdlog::critical("{}", inputs.error().what);
    return 1;
  }
  try {
    const bool as_told = run(loaded.settings, std::move(*inputs));
    spdlog::info("stopped");
    return as_told ? 0 : 1;
  } catch (const std::system_error& error) {  // nearly always a thread that could not start
    spdlog::critical(
        "the service cannot start: the system gives it no more threads or memory ({}): see "
        "TasksMax="
        " and MemoryMax= of the unit, and the limits of the host",
        error.what());
  } catch (const std::exception& error) {
    spdlog::critical("the service cannot start: {}", error.what());
  }
  return 1;
}

}  // namespace gatehouse::cli
