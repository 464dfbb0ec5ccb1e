/// The part of MysqlSessionStore that removes sessions, and places where nobody has logged in for a
/// long time.
#include <fmt/format.h>

#include <string>

#include "mysql/transaction.h"
#include "session/store/mysql_login_places.h"
#include "session/store/mysql_session_store.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::in_transaction;
using mysql::Transaction;

/// Removes the sessions of one part, whose places are kept if there is a table for them: else the
/// table of sessions would grow until there is.
Result<std::uint64_t> purge_part(Connection& connection, MissingTables& missing,
                                 const std::string& over, const std::string& from,
                                 const std::string& to) {
  if (auto set = connection.execute("SET @gatehouse_now = UTC_TIMESTAMP(6)"); !set) return set;
  return in_transaction(connection, [&](Transaction& /*transaction*/) -> Result<std::uint64_t> {
    // Those of logins that could not be noted when they were made.
    auto kept = connection.execute(insert_places(over, Places::kept), {from, to});
    if (!kept) {
      if (kept.error().kind != Error::Kind::failed) return kept;
      missing.tell(kept.error());
    }
    return connection.execute("DELETE" + over, {from, to});
  });
}

Result<void> forget_places(Connection& connection, MissingTables& missing,
                           std::chrono::seconds known_for) {
  constexpr std::uint64_t kPart = 1000;
  for (std::uint64_t removed = kPart; removed == kPart;) {
    const auto done = connection.execute(
        fmt::format("DELETE FROM login_place WHERE good_at < UTC_TIMESTAMP(6) - INTERVAL {} SECOND"
                    " ORDER BY good_at LIMIT {}",
                    known_for.count(), kPart));
    if (!done) {
      if (done.error().kind != Error::Kind::failed) return tl::unexpected(done.error());
      missing.tell(done.error());
      return {};
    }
    removed = *done;
  }
  return {};
}

}  // namespace

Result<void> MysqlSessionStore::purge() {
  constexpr std::chrono::seconds kLeaseTime{60};
  // In parts, so that no lock is held for long. A part ends at its 1000th row, since numbers have
  // gaps.
  static constexpr std::string_view kPartEnd =
      "SELECT COALESCE(MAX(seq), 0) FROM"
      " (SELECT seq FROM session WHERE seq > ? ORDER BY seq LIMIT 1000) part";
  const auto& [browser, persistent] = lifetimes_;
  // One time for the three statements, so that what is removed is what was kept as a place.
  const std::string over = fmt::format(
      " FROM session WHERE seq > ? AND seq <= ? AND"
      " (revoked_at < @gatehouse_now - INTERVAL 1 DAY"
      " OR last_used < @gatehouse_now - INTERVAL IF(persistent, {}, {}) SECOND - INTERVAL 1 DAY"
      " OR created_at < @gatehouse_now - INTERVAL IF(persistent, {}, {}) SECOND"
      " - INTERVAL 1 DAY)",
      persistent.idle.count(), browser.idle.count(), persistent.absolute.count(),
      browser.absolute.count());
  return pool_.with([&](Connection& connection) -> Result<void> {
    for (std::string from = "0";;) {
      const auto held = purge_lease_.take(connection, kLeaseTime);
      if (!held) return tl::unexpected(held.error());
      if (!*held) return {};
      const auto end = connection.select(kPartEnd, {from}, 1);
      if (!end) return tl::unexpected(end.error());
      const std::string to = end->front()[0].value_or("0");
      if (to == "0") return forget_places(connection, missing_, known_for_);
      const auto removed = purge_part(connection, missing_, over, from, to);
      // Rows that are locked now are removed next time.
      if (!removed && (connection.broken() || removed.error().kind != Error::Kind::unavailable)) {
        return tl::unexpected(removed.error());
      }
      from = to;
    }
  });
}

}  // namespace gatehouse::session
