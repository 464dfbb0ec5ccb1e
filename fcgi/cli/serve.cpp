#include "cli/serve.h"

#include <cstring>
#include <iostream>

#include "base/clock.h"
#include "base/log.h"
#include "config/load.h"
#include "handlers/application.h"
#include "mysql/pool.h"
#include "password/verifier.h"
#include "server/notify.h"
#include "server/process.h"
#include "server/server.h"
#include "session/keys.h"
#include "session/session_store.h"
#include "session/sessions.h"
#include "user/authenticator.h"
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

/// What can be wrong with the files around the settings; each a reason not to start.
struct Inputs {
  session::KeyRing keys;
  Secret mysql_password;
  user::Queries queries;
  password::Policy policy;
  std::vector<server::Listener> listeners;
};

Result<Inputs> read_inputs(const config::Settings& settings) {
  auto keys = session::KeyRing::load(settings.session.key_file);
  if (!keys) {
    return fail(keys.error().kind,
                fmt::format("{} (`gatehouse init` makes the key file)", keys.error().what));
  }
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  auto policy = password::policy_of(settings.password);
  if (!policy) return tl::unexpected(policy.error());
  auto listeners = server::open_listeners(settings.server);
  if (!listeners) return tl::unexpected(listeners.error());
  return Inputs{std::move(*keys), std::move(*password), std::move(*queries), std::move(*policy),
                std::move(*listeners)};
}

void run(const config::Settings& settings, Inputs inputs) {
  const SystemClock clock;
  mysql::Pool pool(settings.mysql, std::move(inputs.mysql_password));
  user::MysqlUserDirectory users(pool, std::move(inputs.queries));
  const password::Verifier verifier(settings.password, std::move(inputs.policy));
  user::Authenticator authenticator(users, verifier, settings.user.password_transform);
  const user::TableCensus census(users, verifier);
  session::NoSessionStore store;
  session::Sessions sessions(clock, settings.session, inputs.keys, store);
  const http::SessionCookie cookie(settings.cookie);
  const handlers::Application application({.sessions = sessions,
                                           .authenticator = authenticator,
                                           .cookie = cookie,
                                           .max_body_bytes = settings.server.max_body_bytes,
                                           .database_available = [&] { return pool.available(); }});
  server::Server server(settings.server, std::move(inputs.listeners), application);
  server::notify_ready();
  spdlog::info("gatehouse {} serves", GATEHOUSE_VERSION);
  const int signal = server::wait_for_stop_signal();
  server::notify_stopping();
  spdlog::info("{}: finishing what is in flight", ::strsignal(signal));
  server.stop();
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
  run(loaded.settings, std::move(*inputs));
  spdlog::info("stopped");
  return 0;
}

}  // namespace gatehouse::cli
