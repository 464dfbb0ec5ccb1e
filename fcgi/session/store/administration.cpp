#include "session/store/administration.h"

#include <algorithm>
#include <cstdint>

#include "mysql/connection.h"
#include "session/store/mysql_session_rows.h"

namespace gatehouse::session {

Result<void> revoke_sessions_of(mysql::Connection& connection, const user::UserId& id) {
  return raise_epoch_by_one(connection, id.text());
}

Result<void> announce_change_of(mysql::Connection& connection, const user::UserId& id) {
  return connection
      .execute(
          "INSERT INTO session_epoch (user_id, epoch, changes, changed_at)"
          " VALUES (?, 0, 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
          " changes = changes + 1, changed_at = UTC_TIMESTAMP(6)",
          {id.text()})
      .map([](std::uint64_t) {});
}

Result<std::optional<std::chrono::microseconds>> last_login(mysql::Connection& connection,
                                                            const user::UserId& id) {
  const auto rows = connection.select(
      "SELECT TIMESTAMPDIFF(MICROSECOND, MAX(created_at), UTC_TIMESTAMP(6)) FROM session"
      " WHERE user_id = ?",
      {id.text()}, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty() || !rows->front()[0]) return std::nullopt;
  // The clock of the database may have been set back since.
  return std::max(microseconds(0), microseconds(number_of<std::int64_t>(rows->front()[0])));
}

Result<std::uint64_t> for_each_who_logged_in(mysql::Connection& connection,
                                             const std::function<void(std::string_view)>& id) {
  // Each login notes its address. A device or a link, whose places begin with other letters, may be
  // there before its owner has ever logged in (`gatehouse user link`).
  return connection.for_each(
      "SELECT user_id FROM session"
      " UNION SELECT user_id FROM login_place WHERE place >= 'a' AND place < 'b'",
      [&](const mysql::Row& row) {
        if (row.front()) id(*row.front());
        return true;
      });
}

}  // namespace gatehouse::session
