#include "cli/session_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/log.h"
#include "config/load.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

/// How long it may take to read the whole table. That is one statement, and longer than a request
/// may wait; a person who waits for it sees how far it is.
constexpr std::chrono::minutes kLongestReading{10};

void add_once(std::vector<user::UserId>& ids, const user::UserId& id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

/// The table of users, and the connection to it.
struct UserTable {
  mysql::Pool pool;
  user::MysqlUserDirectory users;

  UserTable(const config::Mysql& mysql, Secret password, user::Queries queries)
      : pool(mysql, std::move(password), mysql::Access::reading), users(pool, std::move(queries)) {}
};

Result<std::unique_ptr<UserTable>> open_user_table(const config::Settings& settings) {
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  return std::make_unique<UserTable>(settings.mysql, std::move(*password), std::move(*queries));
}

/// Looks up the name by the site's own query.
Result<user::Matches> ask_query(const config::Settings& settings, const std::string& name) {
  const auto username = user::Username::parse(name);
  if (!username) return tl::unexpected(username.error());
  const auto table = open_user_table(settings);
  if (!table) return tl::unexpected(table.error());
  auto found = (*table)->users.find(*username);
  if (!found && found.error().kind != Error::Kind::unavailable) {
    return fail(found.error().kind,
                fmt::format("user.query cannot look up {}: {}. With --id ID it is not asked; "
                            "`gatehouse session list` shows the ids of those who are logged in",
                            log::quoted(name), found.error().what));
  }
  return found;
}

Result<std::vector<user::UserId>> ids_of_name(const config::Settings& settings,
                                              const std::string& name) {
  const auto found = ask_query(settings, name);
  if (!found) return tl::unexpected(found.error());
  std::vector<user::UserId> ids;
  for (const auto& row : found->users) add_once(ids, row.id);
  for (const auto& row : found->unreadable) {
    if (row.id) add_once(ids, *row.id);
  }
  if (!ids.empty()) return ids;
  if (found->unreadable.empty()) {
    return fail(Error::Kind::invalid,
                fmt::format("there is no user {}: user.query finds no row by this name",
                            log::quoted(name)));
  }
  return fail(Error::Kind::failed,
              fmt::format("user.query finds {}, but not the id: {}. Use --id ID", log::quoted(name),
                          found->unreadable.front().what));
}

}  // namespace

SessionTables::SessionTables(const config::Mysql& mysql, const config::Session& settings,
                             Secret password)
    : pool(mysql, std::move(password), mysql::Access::writing, session::prove_writable),
      store(session::open_session_tables(settings, pool)) {}

Result<std::unique_ptr<SessionTables>> open_tables(const config::Settings& settings,
                                                   Reading reading) {
  if (settings.session.store == config::SessionStore::memory) {
    return fail(Error::Kind::refused,
                "session.store is \"memory\": only the running service knows its sessions, and "
                "they are revoked by its restart");
  }
  auto password = config::session_password(settings);
  if (!password) return tl::unexpected(password.error());
  config::Mysql mysql = config::session_mysql(settings);
  // Within the usual time, and with the reason. The pool would only say that MySQL is away.
  mysql::Connection::start_library();
  if (const auto there = mysql::Connection::open(mysql, *password, mysql::Access::writing);
      !there) {
    return tl::unexpected(there.error());
  }
  if (reading == Reading::all) mysql.timeout = kLongestReading;
  return std::make_unique<SessionTables>(mysql, settings.session, std::move(*password));
}

Result<void> for_each_session(SessionTables& tables, std::string what, Progress& progress,
                              const std::function<void()>& begin,
                              const std::function<bool(session::ListedSession&&)>& session) {
  progress.begin({.what = std::move(what),
                  .total = session::estimate_sessions(tables.pool),
                  .unit = "sessions"});
  std::uint64_t count = 0;
  return tables.store->for_each_live(
      [&] {
        count = 0;
        begin();
      },
      [&](session::ListedSession&& one) {
        progress.at(++count);
        return session(std::move(one));
      });
}

Result<std::vector<user::UserId>> ids_of(const config::Settings& settings, const Whose& whose) {
  if (whose.id) return std::vector{user::UserId(*whose.id)};
  return ids_of_name(settings, whose.user.value());
}

void remove_refused(const config::Settings& settings,
                    std::vector<session::ListedSession>& sessions) {
  constexpr std::size_t kMostLookups = 200;
  const auto ring = session::KeyRing::load(settings.session.key_file);
  const auto table = open_user_table(settings);
  if (!ring || !table) return;
  const session::Fingerprints fingerprints(*ring);
  std::unordered_map<std::string, user::Matches> looked_up;
  std::erase_if(sessions, [&](const session::ListedSession& one) {
    const std::string& text = one.session.lookup_name();
    auto rows = looked_up.find(text);
    if (rows == looked_up.end()) {
      const auto name = user::Username::parse(text);
      if (!name || looked_up.size() == kMostLookups) return false;
      auto found = (*table)->users.find(*name);
      rows = looked_up.emplace(text, found ? std::move(*found) : user::Matches()).first;
    }
    return session::is_refused(one.session, fingerprints, rows->second);
  });
}

Result<session::HandleMaker> handle_maker(const config::Settings& settings) {
  return session::KeyRing::load(settings.session.key_file).map([](const session::KeyRing& keys) {
    return session::HandleMaker(keys);
  });
}

}  // namespace gatehouse::cli
