/// What an administrator's change of a user means for their sessions. With each function the change
/// and its consequence are one transaction, which the caller has begun on `connection`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "user/user.h"

namespace gatehouse::mysql {
class Connection;
}  // namespace gatehouse::mysql

namespace gatehouse::session {

/// Revokes all sessions of the user once the transaction is committed: every host learns of it by
/// its next poll, within a second. Errors as SessionStore.
Result<void> revoke_sessions_of(mysql::Connection& connection, const user::UserId& id);

/// Has every host look the user up at its next poll, within a second of the commit, since their
/// roles have changed. The sessions go on. Errors as SessionStore.
Result<void> announce_change_of(mysql::Connection& connection, const user::UserId& id);

/// How long ago the user's last login was. Nothing if the table does not remember one: a session is
/// removed a day after it has ended.
Result<std::optional<std::chrono::microseconds>> last_login(mysql::Connection& connection,
                                                            const user::UserId& id);

/// Hands over the id of each user who has a session, or whose login is known (guard.known_for).
/// Gives their number. Errors as mysql::Connection::for_each.
Result<std::uint64_t> for_each_who_logged_in(mysql::Connection& connection,
                                             const std::function<void(std::string_view)>& id);

}  // namespace gatehouse::session
