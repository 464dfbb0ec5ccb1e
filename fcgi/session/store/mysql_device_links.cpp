/// The part of MysqlSessionStore that keeps the links of `gatehouse user link`: rows of login_place
/// whose place begins with `l`, until they become that of a device.
#include <fmt/format.h>

#include <array>
#include <string>

#include "mysql/transaction.h"
#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_store.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::in_transaction;
using mysql::Transaction;

/// A device that has logged in once stands behind the ten that have come back (KnownPlaces). That
/// of a link is to be known whatever others there are.
constexpr std::string_view kLoginsOfLink = "2";

std::string place_of(const guard::DeviceLink& link) {
  return "l" + std::string(link.id.data(), link.id.size());
}

/// Moves the fingerprint and the epochs of the link to the device.
Result<void> note_device(Connection& connection, const mysql::Row& link, std::string_view user_id,
                         const std::string& device) {
  const std::string place = "d" + device.substr(0, sizeof(guard::DeviceCookie::device));
  const std::string_view next_print = text_of(link[3]);
  std::array<std::string_view, 6> values{user_id,          place,    device,
                                         text_of(link[2]), *link[0], *link[1]};
  const std::string sql = fmt::format(
      "INSERT INTO login_place (user_id, place, address, device, fingerprint, user_epoch,"
      " site_epoch, next_fingerprint, good_at, logins)"
      " VALUES (?, ?, '', ?, ?, ?, ?, {}, UTC_TIMESTAMP(6), {})"
      " ON DUPLICATE KEY UPDATE device = VALUES(device), fingerprint = VALUES(fingerprint),"
      " next_fingerprint = VALUES(next_fingerprint), user_epoch = VALUES(user_epoch),"
      " site_epoch = VALUES(site_epoch), good_at = VALUES(good_at),"
      " logins = login_place.logins + VALUES(logins)",
      next_print.empty() ? "NULL" : "?", kLoginsOfLink);
  mysql::Values bound(values.begin(), values.end());
  if (!next_print.empty()) bound.push_back(next_print);
  return without_count(connection.execute(sql, bound));
}

/// Uses the link up, inside of a transaction (SessionStore::use_link).
Result<bool> use_link_in(Connection& connection, const guard::DeviceLink& link,
                         const std::string& device) {
  const std::string place = place_of(link);
  // It locks the row first, so that of two requests the second waits, and finds it used. A link
  // from the future is from before the clock was set back, and nobody knows how old it is; the
  // clocks of a cluster's nodes may differ a little.
  const auto claimed = connection.execute(
      fmt::format("UPDATE login_place SET logins = 0 WHERE user_id = ? AND place = ?"
                  " AND logins = {} AND good_at > UTC_TIMESTAMP(6) - INTERVAL {} SECOND"
                  " AND good_at < UTC_TIMESTAMP(6) + INTERVAL 10 SECOND",
                  kLoginsOfLink, std::chrono::seconds(SessionStore::kLinkLasts).count()),
      {link.user_id, place});
  if (!claimed) return tl::unexpected(claimed.error());
  if (*claimed == 0) return false;
  const auto rows = connection.select(
      "SELECT user_epoch, site_epoch, fingerprint, next_fingerprint FROM login_place"
      " WHERE user_id = ? AND place = ?",
      {link.user_id, place}, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return false;
  const auto removed = connection.execute("DELETE FROM login_place WHERE user_id = ? AND place = ?",
                                          {link.user_id, place});
  if (!removed) return tl::unexpected(removed.error());
  const auto now = epochs_now(connection, user::UserId(link.user_id));
  if (!now) return tl::unexpected(now.error());
  const Epochs then = epochs_of(rows->front());
  if (then.user < now->user || then.site < now->site) return false;
  return note_device(connection, rows->front(), link.user_id, device).map([] { return true; });
}

}  // namespace

Result<void> MysqlSessionStore::keep_link(const guard::DeviceLink& link, Fingerprint fingerprint) {
  const std::string place = place_of(link);
  return retry_on_conflict(pool_, [&](Connection& connection) -> Result<void> {
    const auto now = epochs_now(connection, user::UserId(link.user_id));
    if (!now) return tl::unexpected(now.error());
    const std::string user_epoch = std::to_string(number_of(now->user));
    const std::string site_epoch = std::to_string(number_of(now->site));
    // A row that is there is no error: the first try may have written it before its connection
    // broke.
    return without_count(connection.execute(
        fmt::format("INSERT INTO login_place (user_id, place, address, fingerprint, user_epoch,"
                    " site_epoch, good_at, logins) VALUES (?, ?, '', ?, ?, ?, UTC_TIMESTAMP(6), {})"
                    " ON DUPLICATE KEY UPDATE logins = login_place.logins",
                    kLoginsOfLink),
        {link.user_id, place, bytes_of(fingerprint), user_epoch, site_epoch}));
  });
}

Result<bool> MysqlSessionStore::use_link(const guard::DeviceLink& link, const std::string& device) {
  return retry_on_conflict(pool_, [&](Connection& connection) {
    return in_transaction(connection, [&](Transaction& /*transaction*/) {
      return use_link_in(connection, link, device);
    });
  });
}

}  // namespace gatehouse::session
