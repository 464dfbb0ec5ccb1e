#include "cli/session_verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/time_text.h"
#include "cli/command_line.h"
#include "cli/device.h"
#include "cli/verb.h"
#include "config/load.h"
#include "http/json.h"
#include "mysql/pool.h"
#include "session/sessions.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

using session::ListedSession;

constexpr std::size_t kMostListed = 10'000;

/// The session tables and the connection to them, as a verb uses them.
struct Tables {
  mysql::Pool pool;
  std::unique_ptr<session::SessionStore> store;

  Tables(const config::Settings& settings, Secret password)
      : pool(config::session_mysql(settings), std::move(password), mysql::Access::writing,
             session::prove_writable),
        store(session::open_session_tables(settings.session, pool)) {}
};

Result<std::unique_ptr<Tables>> open_tables(const config::Settings& settings) {
  if (settings.session.store == config::SessionStore::memory) {
    return fail(Error::Kind::refused,
                "session.store is \"memory\": only the running service knows its sessions");
  }
  return config::session_password(settings).map(
      [&](Secret&& password) { return std::make_unique<Tables>(settings, std::move(password)); });
}

void add_once(std::vector<user::UserId>& ids, const user::UserId& id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

/// Looks up the name by the site's own query.
Result<user::Matches> ask_query(const config::Settings& settings, const std::string& name) {
  const auto username = user::Username::parse(name);
  if (!username) return tl::unexpected(username.error());
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  mysql::Pool pool(settings.mysql, std::move(*password), mysql::Access::reading);
  user::MysqlUserDirectory users(pool, std::move(*queries));
  auto found = users.find(*username);
  if (!found && found.error().kind != Error::Kind::unavailable) {
    return fail(found.error().kind,
                fmt::format("user.query gives no user for {}: {}. With --id ID it is not asked; "
                            "`gatehouse session list` shows the ids of those who are logged in",
                            log::quoted(name), found.error().what));
  }
  return found;
}

/// The ids of the rows that the name finds. There is at least one, or else an error.
Result<std::vector<user::UserId>> ids_of(const config::Settings& settings,
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
    return fail(Error::Kind::invalid, "there is no user " + log::quoted(name));
  }
  return fail(Error::Kind::failed, fmt::format("user.query, asked for {}: {} (use --id ID)",
                                               log::quoted(name), found->unreadable.front().what));
}

/// The ids that are meant. The caller makes sure that it is not everybody.
Result<std::vector<user::UserId>> ids_of(const config::Settings& settings, const Whose& whose) {
  if (whose.id) return std::vector{user::UserId(*whose.id)};
  return ids_of(settings, whose.user.value());
}

/// The name for messages: `"roy"`, with the ids if the name finds several.
std::string name_of(const Whose& whose, const std::vector<user::UserId>& ids) {
  if (whose.id) return "the user id " + log::quoted(*whose.id);
  if (ids.size() == 1) return log::quoted(whose.user.value());
  std::string list;
  for (const auto& id : ids) list.append(list.empty() ? "" : ", ").append(log::quoted(id.text()));
  return fmt::format("{} (user ids {})", log::quoted(whose.user.value()), list);
}

/// Keeps the last used ones of many sessions, which come one by one, in bounded memory.
class LastUsed {
 public:
  void clear() {
    sessions_.clear();
    count_ = 0;
  }
  void add(ListedSession&& session) {
    ++count_;
    sessions_.push_back(std::move(session));
    if (sessions_.size() >= 2 * kMostListed) cut();
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// Returns them in order, the last used first. It may be called once.
  std::vector<ListedSession> take() {
    cut();
    std::stable_sort(sessions_.begin(), sessions_.end(), used_later);
    return std::move(sessions_);
  }

 private:
  static bool used_later(const ListedSession& left, const ListedSession& right) {
    return left.session.since_use < right.session.since_use;
  }
  void cut() {
    if (sessions_.size() <= kMostListed) return;
    const auto end = sessions_.begin() + kMostListed;
    std::nth_element(sessions_.begin(), end, sessions_.end(), used_later);
    sessions_.erase(end, sessions_.end());
  }

  std::vector<ListedSession> sessions_;
  std::size_t count_ = 0;
};

Result<void> gather(session::SessionStore& store, const config::Settings& settings,
                    const Whose& whose, LastUsed& sessions) {
  if (whose.everybody()) {
    return store.for_each_live([&] { sessions.clear(); },
                               [&](ListedSession&& one) {
                                 sessions.add(std::move(one));
                                 return true;
                               });
  }
  const auto ids = ids_of(settings, whose);
  if (!ids) return tl::unexpected(ids.error());
  for (const auto& id : *ids) {
    auto listed = store.list(id);
    if (!listed) return tl::unexpected(listed.error());
    for (auto& one : *listed) sessions.add(std::move(one));
  }
  return {};
}

/// Makes the handles of sessions; `-` for each, and why on `err`, if the keys cannot be read.
class Handles {
 public:
  Handles(const config::Settings& settings, std::ostream& err) {
    const auto keys = session::KeyRing::load(settings.session.key_file);
    if (keys) {
      maker_.emplace(*keys);
    } else {
      err << fmt::format("no handles are shown: {}\n", keys.error().what);
    }
  }
  [[nodiscard]] std::string of(const ListedSession& one) const {
    return maker_ ? maker_->of(one.session.id) : "-";
  }

 private:
  std::optional<session::HandleMaker> maker_;
};

void print(const std::vector<ListedSession>& sessions, const Handles& handles, std::ostream& out) {
  constexpr const char* kLine = "{:20}  {:20}  {:8}  {:15}  {:22}  {:20}  {}  {}\n";
  out << fmt::format(fmt::runtime(kLine), "created", "last used", "remember", "address", "handle",
                     "device", "user", "id");
  for (const auto& one : sessions) {
    out << fmt::format(fmt::runtime(kLine), time_ago(one.session.since_login),
                       time_ago(one.session.since_use),
                       one.session.kind == session::Kind::persistent ? "yes" : "no",
                       one.origin.address, handles.of(one), device_name(one.origin.user_agent),
                       log::quoted(one.session.username), log::quoted(one.session.user_id.text()));
  }
}

std::string as_json(const std::vector<ListedSession>& sessions, const Handles& handles) {
  http::JsonWriter json;
  json.begin_object().key("sessions").begin_array();
  for (const auto& one : sessions) {
    json.begin_object().key("created").text(time_ago(one.session.since_login));
    json.key("last_used").text(time_ago(one.session.since_use));
    json.key("remember").boolean(one.session.kind == session::Kind::persistent);
    json.key("address").text(one.origin.address).key("handle").text(handles.of(one));
    json.key("device").text(device_name(one.origin.user_agent));
    json.key("user_agent").text(one.origin.user_agent);
    json.key("username").text(one.session.username).key("id").text(one.session.user_id.text());
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

/// Revokes the one session of that handle.
int revoke_one(session::SessionStore& store, const config::Settings& settings,
               const std::string& handle, std::ostream& out, std::ostream& err) {
  const auto keys = session::KeyRing::load(settings.session.key_file);
  if (!keys) return fail_with(keys.error(), err);
  const session::HandleMaker handles(*keys);
  std::optional<session::SessionId> id;
  const auto searched = store.for_each_live([&] { id.reset(); },
                                            [&](ListedSession&& one) {
                                              if (handles.of(one.session.id) != handle) return true;
                                              id = one.session.id;
                                              return false;
                                            });
  if (!searched) return fail_with(searched.error(), err);
  if (!id) {
    out << "there is no live session with the handle " << log::quoted(handle) << '\n';
    return kOk;
  }
  const auto revoked = store.revoke(*id);
  if (!revoked) return fail_with(revoked.error(), err);
  out << "the session " << log::quoted(handle) << " is revoked\n";
  return kOk;
}

/// Revokes all sessions of these users. Returns how many of the users had a live one.
Result<std::size_t> revoke(session::SessionStore& store, const std::vector<user::UserId>& ids) {
  std::size_t live = 0;
  for (const auto& id : ids) {
    const auto listed = store.list(id);
    if (!listed) return tl::unexpected(listed.error());
    if (!listed->empty()) ++live;
    const auto revoked = store.revoke_user(id, std::nullopt);
    if (!revoked) return tl::unexpected(revoked.error());
  }
  return live;
}

int revoke_all(session::SessionStore& store, std::ostream& out, std::ostream& err) {
  const auto revoked = store.revoke_all();
  if (!revoked) return fail_with(revoked.error(), err);
  out << "all sessions are revoked\n";
  return kOk;
}

}  // namespace

int list_sessions(const std::filesystem::path& config_file, const Whose& whose, bool json,
                  std::ostream& out, std::ostream& err) {
  const auto settings = settings_for_verb(config_file, err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings);
  if (!tables) return fail_with(tables.error(), err);
  LastUsed sessions;
  if (const auto gathered = gather(*(*tables)->store, *settings, whose, sessions); !gathered) {
    return fail_with(gathered.error(), err);
  }
  const std::size_t count = sessions.count();
  const Handles handles(*settings, err);
  if (json) {
    out << as_json(sessions.take(), handles) << '\n';
  } else {
    print(sessions.take(), handles, out);
  }
  if (count > kMostListed) {
    err << fmt::format("{} more are not shown, which were used before these\n",
                       count - kMostListed);
  }
  return kOk;
}

int revoke_sessions(const std::filesystem::path& config_file, const Whose& whose, std::ostream& out,
                    std::ostream& err) {
  const auto settings = settings_for_verb(config_file, err);
  if (!settings) return kProblems;
  const auto tables = open_tables(*settings);
  if (!tables) return fail_with(tables.error(), err);
  if (whose.handle) return revoke_one(*(*tables)->store, *settings, *whose.handle, out, err);
  if (whose.everybody()) return revoke_all(*(*tables)->store, out, err);
  const auto ids = ids_of(*settings, whose);
  if (!ids) return fail_with(ids.error(), err);
  const auto live = revoke(*(*tables)->store, *ids);
  if (!live) return fail_with(live.error(), err);
  // A name was found in the site's table. An id may be mistyped, and then the sessions that were
  // meant go on.
  if (*live == 0 && whose.id) {
    out << name_of(whose, *ids) << " has no live session\n";
  } else {
    out << "all sessions of " << name_of(whose, *ids) << " are revoked\n";
  }
  return kOk;
}

}  // namespace gatehouse::cli
