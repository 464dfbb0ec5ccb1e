/// The session tables as the verbs of `gatehouse session` use them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "cli/progress.h"
#include "cli/session_verbs.h"
#include "config/settings.h"
#include "mysql/pool.h"
#include "session/sessions.h"

namespace gatehouse::cli {

/// The tables, and the connection to them.
struct SessionTables {
  mysql::Pool pool;
  std::unique_ptr<session::SessionStore> store;

  SessionTables(const config::Mysql& mysql, const config::Session& settings, Secret password);
};

/// What the tables are opened for.
enum class Reading {
  some,  ///< a few sessions: MySQL must answer within mysql.timeout
  all,   ///< for_each_session(), which may take minutes where there are millions
};
/// Opens the tables. `refused` if the sessions are not in MySQL; `unavailable` or `failed` if MySQL
/// cannot be reached or the password file not be read.
[[nodiscard]] Result<std::unique_ptr<SessionTables>> open_tables(const config::Settings& settings,
                                                                 Reading reading);

/// Hands over the live sessions of everybody, as SessionStore::for_each_live, and tells `progress`
/// how many there were of about how many.
Result<void> for_each_session(SessionTables& tables, std::string what, Progress& progress,
                              const std::function<void()>& begin,
                              const std::function<bool(session::ListedSession&&)>& session);

/// The ids of the users that are meant, of which there is at least one. They are looked up by the
/// site's own query if a name is given; `invalid` if that finds nobody. `whose` must name a user.
[[nodiscard]] Result<std::vector<user::UserId>> ids_of(const config::Settings& settings,
                                                       const Whose& whose);

/// Takes out the sessions that every host refuses (session::is_refused), where the key file and the
/// table of users can be read: those of the first 200 users, whom it looks up one by one.
void remove_refused(const config::Settings& settings,
                    std::vector<session::ListedSession>& sessions);

/// Makes the handles of sessions with the keys of the key file.
[[nodiscard]] Result<session::HandleMaker> handle_maker(const config::Settings& settings);

}  // namespace gatehouse::cli
