#include "cli/tables.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <string_view>

#include "base/log.h"
#include "cli/command_line.h"
#include "config/load.h"
#include "mysql/pool.h"
#include "session/mysql_session_store.h"
#include "session/sessions.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::text {
extern const std::string_view migration_0;
extern const std::string_view migration_1;
extern const std::string_view migration_2;
extern const std::string_view migration_5;
}  // namespace gatehouse::text

namespace gatehouse::cli {
namespace {

std::optional<config::Settings> settings_of(const std::filesystem::path& config_file,
                                            std::ostream& err) {
  config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) err << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return std::nullopt;
  log::configure(spdlog::level::err);
  return std::move(loaded.settings);
}

int fail_with(const Error& error, std::ostream& err) {
  err << error.what << '\n';
  return kProblems;
}

/// The tables of the sessions, for a verb.
struct Tables {
  mysql::Pool pool;
  session::MysqlSessionStore store;

  Tables(const config::Settings& settings, Secret password)
      : pool(config::session_mysql(settings), std::move(password), mysql::Access::writing,
             session::prove_writable),
        store(pool, session::lifetimes_of(settings.session)) {}
};

Result<std::unique_ptr<Tables>> open_tables(const config::Settings& settings) {
  if (settings.session.store == config::SessionStore::memory) {
    return fail(Error::Kind::refused,
                "session.store is \"memory\": only the running service knows its sessions");
  }
  return config::session_password(settings).map(
      [&](Secret&& password) { return std::make_unique<Tables>(settings, std::move(password)); });
}

/// The id of the user of that name, by the site's own look-up.
Result<user::UserId> id_of(const config::Settings& settings, const std::string& name) {
  const auto username = user::Username::parse(name);
  if (!username) return tl::unexpected(username.error());
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  mysql::Pool pool(settings.mysql, std::move(*password), mysql::Access::reading);
  user::MysqlUserDirectory users(pool, std::move(*queries));
  const auto found = users.find(*username);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(Error::Kind::invalid, "there is no user " + log::quoted(name));
  return (*found)->id;
}

/// Empty for everybody.
Result<user::UserId> id_of(const config::Settings& settings,
                           const std::optional<std::string>& user) {
  return user ? id_of(settings, *user) : Result<user::UserId>("");
}

std::string time_ago(std::chrono::microseconds age) {
  const auto time = std::chrono::system_clock::now() - age;
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     std::chrono::time_point_cast<std::chrono::seconds>(time));
}

}  // namespace

std::span<const mysql::Migration> migrations() {
  static const std::array<mysql::Migration, 4> all = {{
      {0, "0000_bookkeeping", text::migration_0},
      {1, "0001_sessions", text::migration_1},
      {2, "0002_users", text::migration_2},
      {5, "0005_key_use", text::migration_5},
  }};
  return all;
}

int migrate(const std::filesystem::path& config_file, std::ostream& out, std::ostream& err) {
  const auto settings = settings_of(config_file, err);
  if (!settings) return kProblems;
  const auto password = config::session_password(*settings);
  if (!password) return fail_with(password.error(), err);
  mysql::Connection::start_library();
  const auto connection =
      mysql::Connection::open(config::session_mysql(*settings), *password, mysql::Access::writing);
  if (!connection) return fail_with(connection.error(), err);
  const auto applied = mysql::migrate(**connection, migrations());
  if (!applied) return fail_with(applied.error(), err);
  for (const auto& migration : *applied) out << "applied " << migration.name << '\n';
  if (applied->empty()) out << "nothing to do\n";
  return kOk;
}

int list_sessions(const std::filesystem::path& config_file, const std::optional<std::string>& user,
                  std::ostream& out, std::ostream& err) {
  const auto settings = settings_of(config_file, err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings);
  if (!tables) return fail_with(tables.error(), err);
  const auto id = id_of(*settings, user);
  if (!id) return fail_with(id.error(), err);
  const auto sessions = (*tables)->store.list(*id);
  if (!sessions) return fail_with(sessions.error(), err);
  out << fmt::format("{:20}  {:20}  {:8}  {:15}  {}\n", "created", "last used", "remember",
                     "address", "user");
  for (const auto& one : *sessions) {
    out << fmt::format("{:20}  {:20}  {:8}  {:15}  {}\n", time_ago(one.session.since_login),
                       time_ago(one.session.since_use),
                       one.session.kind == session::Kind::persistent ? "yes" : "no",
                       one.origin.address, log::quoted(one.session.username));
  }
  return kOk;
}

int revoke_sessions(const std::filesystem::path& config_file,
                    const std::optional<std::string>& user, std::ostream& out, std::ostream& err) {
  const auto settings = settings_of(config_file, err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings);
  if (!tables) return fail_with(tables.error(), err);
  const auto id = id_of(*settings, user);
  if (!id) return fail_with(id.error(), err);
  const auto revoked = user ? (*tables)->store.revoke_user(*id, std::nullopt).map([](auto) {})
                            : (*tables)->store.revoke_all();
  if (!revoked) return fail_with(revoked.error(), err);
  out << (user ? "all sessions of " + log::quoted(*user) : std::string("all sessions"))
      << " are ended\n";
  return kOk;
}

}  // namespace gatehouse::cli
