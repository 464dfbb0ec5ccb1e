#include "support/session_tables.h"

#include <fmt/format.h>

#include <stdexcept>

#include "cli/migrate.h"

namespace gatehouse::test {
namespace {

std::unique_ptr<mysql::Connection> connect_patiently(const MariaDb& server) {
  config::Mysql settings = server.settings();
  settings.timeout = std::chrono::seconds(60);
  auto connection = mysql::Connection::open(settings, Secret());
  if (!connection) throw std::runtime_error(connection.error().what);
  return std::move(*connection);
}

}  // namespace

SessionTables::SessionTables() : patient_(connect_patiently(server_)) {
  if (auto done = mysql::migrate(*patient_, cli::migrations()); !done) {
    throw std::runtime_error(done.error().what);
  }
  for (const auto* table :
       {"session", "session_epoch", "session_key", "session_key_use", "login_failure",
        "login_place", "login_event", "gatehouse_lease", "user_role", "user_disabled"}) {
    run(fmt::format("TRUNCATE {}", table));
  }
}

void SessionTables::let_pass(std::chrono::microseconds time) {
  const auto back = [&](std::string_view column) {
    return fmt::format("{0} = {0} - INTERVAL {1} MICROSECOND", column, time.count());
  };
  run(fmt::format("UPDATE session SET {}, {}, {}", back("created_at"), back("last_used"),
                  back("revoked_at")));
  run("UPDATE session_epoch SET " + back("changed_at"));
  run("UPDATE session_key_use SET " + back("seen_at"));
  run("UPDATE gatehouse_lease SET " + back("expires_at"));
  // A test may have taken the table away.
  static_cast<void>(patient_->execute("UPDATE login_place SET " + back("good_at")));
}

void SessionTables::run(std::string_view sql) {
  if (auto done = patient_->execute(sql); !done) throw std::runtime_error(done.error().what);
  const auto there = other_pool_.with([](mysql::Connection& connection) {
    return connection.with_causal_reads(
        [&] { return connection.select("SELECT 1 FROM session LIMIT 1", {}, 1); });
  });
  if (!there) throw std::runtime_error(there.error().what);
}

void SessionTables::fill(std::size_t count, std::size_t per_user) {
  run(fmt::format(
      "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch, site_epoch,"
      " created_at, last_used, address, user_agent)"
      " SELECT UNHEX(CONCAT(LPAD(HEX(seq), 16, '0'), '5C27FF0025220A80')), CONCAT('u', (seq - 1) "
      "DIV {0}),"
      " CONCAT('u', (seq - 1) DIV {0}), 0, 'abcdefgh', 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),"
      " '192.0.2.1', '' FROM {1} ORDER BY seq",
      per_user, numbers(count)));
}

std::string SessionTables::value(std::string_view sql) {
  const auto rows = patient_->select(sql, {}, 1);
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
          .user_id = user::UserId(std::string(user_id)),
          .username = "roy",
          .fingerprint = session::Fingerprint{0x1122334455667788}};
}

}  // namespace gatehouse::test
