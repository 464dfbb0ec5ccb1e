/// The part of MysqlSessionStore that removes sessions and keeps the places that they were begun
/// at.
#include <fmt/format.h>

#include <array>
#include <string>

#include "mysql/transaction.h"
#include "session/store/mysql_session_store.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::in_transaction;
using mysql::Transaction;

/// Keeps the addresses and devices of sessions that are about to be removed (`over` names them).
Result<void> keep_places(Connection& connection, const std::string& over, const std::string& from,
                         const std::string& to) {
  static constexpr std::string_view kInto =
      "INSERT INTO login_place (user_id, place, address, device, fingerprint, next_fingerprint,"
      " user_epoch, site_epoch, good_at, logins) ";
  const std::array<std::string, 2> all = {
      fmt::format("{}SELECT user_id, CONCAT('a', address), address, NULL, fingerprint, NULL,"
                  " user_epoch, site_epoch, created_at, 1{}"
                  " ON DUPLICATE KEY UPDATE login_place.logins = login_place.logins + 1,"
                  " login_place.good_at = GREATEST(login_place.good_at, VALUES(good_at))",
                  kInto, over),
      // In the order of the logins: the latest has the mark that counts.
      fmt::format(
          "{}SELECT user_id, CONCAT('d', LEFT(device, 12)), '', device, fingerprint,"
          " next_fingerprint, user_epoch, site_epoch, created_at, 1{}"
          " AND device IS NOT NULL ORDER BY seq"
          " ON DUPLICATE KEY UPDATE login_place.logins = login_place.logins + 1,"
          " login_place.device = IF(VALUES(good_at) >= login_place.good_at, VALUES(device),"
          "   login_place.device),"
          " login_place.fingerprint = IF(VALUES(good_at) >= login_place.good_at, "
          "VALUES(fingerprint),"
          "   login_place.fingerprint),"
          " login_place.next_fingerprint = IF(VALUES(good_at) >= login_place.good_at,"
          "   VALUES(next_fingerprint), login_place.next_fingerprint),"
          " login_place.user_epoch = IF(VALUES(good_at) >= login_place.good_at, VALUES(user_epoch),"
          "   login_place.user_epoch),"
          " login_place.site_epoch = IF(VALUES(good_at) >= login_place.good_at, VALUES(site_epoch),"
          "   login_place.site_epoch),"
          " login_place.good_at = GREATEST(login_place.good_at, VALUES(good_at))",
          kInto, over)};
  for (const std::string& sql : all) {
    if (const auto kept = connection.execute(sql, {from, to}); !kept) {
      return tl::unexpected(kept.error());
    }
  }
  return {};
}

/// Removes the sessions of one part, whose places are kept, if they can be.
Result<std::uint64_t> purge_part(Connection& connection, const std::string& over,
                                 const std::string& from, const std::string& to,
                                 MissingPlaces& missing) {
  if (const auto set = connection.execute("SET @gatehouse_now = UTC_TIMESTAMP(6)"); !set)
    return set;
  return in_transaction(connection, [&](Transaction& /*transaction*/) -> Result<std::uint64_t> {
    if (auto kept = keep_places(connection, over, from, to); !kept && !missing.excuses(kept)) {
      return tl::unexpected(kept.error());
    }
    return connection.execute("DELETE" + over, {from, to});
  });
}

Result<void> forget_places(Connection& connection, std::chrono::seconds known_for) {
  constexpr std::uint64_t kPart = 1000;
  for (std::uint64_t removed = kPart; removed == kPart;) {
    const auto done = connection.execute(
        fmt::format("DELETE FROM login_place WHERE good_at < UTC_TIMESTAMP(6) - INTERVAL {} SECOND"
                    " ORDER BY good_at LIMIT {}",
                    known_for.count(), kPart));
    if (!done) return tl::unexpected(done.error());
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
      if (to == "0") {
        auto forgotten = forget_places(connection, known_for_);
        return missing_places_.excuses(forgotten) ? Result<void>() : forgotten;
      }
      const auto removed = purge_part(connection, over, from, to, missing_places_);
      // Rows that are locked now are removed next time.
      if (!removed && (connection.broken() || removed.error().kind != Error::Kind::unavailable)) {
        return tl::unexpected(removed.error());
      }
      from = to;
    }
  });
}

}  // namespace gatehouse::session
