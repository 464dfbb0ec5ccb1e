#include "support/session_tables.h"

#include <fmt/format.h>

#include <stdexcept>

#include "cli/tables.h"

namespace gatehouse::test {

SessionTables::SessionTables() {
  const auto connection = server_.connect();
  if (auto done = mysql::migrate(*connection, cli::migrations()); !done) {
    throw std::runtime_error(done.error().what);
  }
  server_.run({"DELETE FROM session", "DELETE FROM session_epoch", "DELETE FROM session_key",
               "DELETE FROM gatehouse_lease", "DELETE FROM user_role",
               "DELETE FROM user_disabled"});
}

void SessionTables::let_pass(std::chrono::microseconds time) {
  const auto back = [&](std::string_view column) {
    return fmt::format("{0} = {0} - INTERVAL {1} MICROSECOND", column, time.count());
  };
  server_.run({fmt::format("UPDATE session SET {}, {}, {}", back("created_at"), back("last_used"),
                           back("revoked_at")),
               "UPDATE session_epoch SET " + back("changed_at"),
               "UPDATE gatehouse_lease SET " + back("expires_at")});
}

void SessionTables::fill(std::size_t count, std::size_t per_user) {
  const std::string digit =
      "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
      " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
      " UNION ALL SELECT 9)";
  auto settings = server_.settings();
  settings.timeout = std::chrono::seconds(60);
  const auto root = mysql::Connection::open(settings, Secret());
  if (!root) throw std::runtime_error(root.error().what);
  const auto done = (*root)->execute(fmt::format(
      "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch, site_epoch,"
      " created_at, last_used, address, user_agent)"
      " SELECT UNHEX(MD5(n)), CONCAT('u', n DIV {1}), CONCAT('u', n DIV {1}), 0, 'abcdefgh', 0, 0,"
      " UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '192.0.2.1', '' FROM"
      " (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM {2} a, {2} b,"
      " {2} c, {2} e, {2} f) numbers WHERE n < {0} ORDER BY n",
      count, per_user, digit));
  if (!done) throw std::runtime_error(done.error().what);
}

std::string SessionTables::value(std::string_view sql) {
  const auto rows = server_.connect()->select(sql, {}, 1);
  if (!rows) throw std::runtime_error(rows.error().what);
  return rows->at(0).at(0).value_or("NULL");
}

session::SessionId session_id(std::uint64_t number) {
  constexpr std::string_view kHostile{"\0'\"\\\xff%\n\x80", 8};
  session::SessionId id;
  for (std::size_t i = 0; i < kHostile.size(); ++i) {
    id.bytes[i] = static_cast<char>(number >> (56U - 8U * i));
    id.bytes[8 + i] = kHostile[i];
  }
  return id;
}

session::StoredSession stored_session(std::uint64_t number, std::string_view user_id) {
  return {.id = session_id(number),
          .user_id = user::UserId(user_id),
          .username = "roy",
          .fingerprint = 0x1122334455667788};
}

}  // namespace gatehouse::test
