/// The part of MysqlSessionStore that keeps from where users have logged in: one row of login_place
/// for each network of an address and each device, so that neither many logins nor the purge of
/// their sessions makes a place forgotten.
#include "session/store/mysql_login_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_store.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Rows;
using mysql::Values;

/// The rows of devices begin with `d`, and those of links with `l`.
constexpr std::string_view kOfDevice = "s.place >= 'd' AND s.place < 'e'";
constexpr std::string_view kOfAddress = "s.place >= 'a' AND s.place < 'b'";

std::string select_from(PlaceSource source, std::chrono::seconds within, std::string_view which,
                        std::size_t most) {
  const bool of_sessions = source != PlaceSource::places;
  return fmt::format(
      "(SELECT {} FROM {} s{} WHERE s.user_id = ? AND s.{} > UTC_TIMESTAMP(6) - INTERVAL {} SECOND"
      " AND {} ORDER BY {} LIMIT {})",
      place_columns(source).list(), of_sessions ? "session" : "login_place", kEpochs,
      of_sessions ? "created_at" : "good_at", within.count(), which,
      of_sessions ? "s.seq DESC" : "s.logins > 1 DESC, s.good_at DESC", most);
}

/// The sessions of so many ids, for insert_places. The ids come first: a list (IN) may be read by a
/// scan of the table, which locks all of it.
std::string sessions_of_ids(std::size_t count) {
  return fmt::format(
      " FROM (SELECT CAST(? AS BINARY(16)) AS id{}) noted"
      " STRAIGHT_JOIN session ON session.id = noted.id",
      repeated(" UNION ALL SELECT CAST(? AS BINARY(16))", count - 1));
}

/// The ids, filled up to one of few sizes by one that no session has, so that a batch is one
/// statement that stays prepared.
Values filled_up(std::span<const SessionId> ids) {
  constexpr std::array<std::size_t, 4> kSizes = {1, 8, 64, SessionStore::kMostNoted};
  Values values;
  for (const SessionId& id : ids) values.push_back(id.view());
  values.resize(*std::lower_bound(kSizes.begin(), kSizes.end(), ids.size()));
  return values;
}

/// Forgets devices that were seen once, of the users of the sessions who have too many: a client
/// that keeps no cookies is a new one at each login.
Result<void> forget_devices(Connection& connection, const Values& sessions) {
  constexpr std::size_t kTooMany = 2 * SessionStore::kMostDevices;
  const auto counted = connection.select(
      fmt::format("SELECT s.user_id, COUNT(*) FROM (SELECT DISTINCT session.user_id{}) u"
                  " STRAIGHT_JOIN login_place s ON s.user_id = u.user_id AND {}"
                  " GROUP BY s.user_id HAVING COUNT(*) > {}",
                  sessions_of_ids(sessions.size()), kOfDevice, kTooMany),
      sessions, sessions.size());
  if (!counted) return tl::unexpected(counted.error());
  for (const mysql::Row& row : *counted) {
    const auto forgotten = connection.execute(
        fmt::format("DELETE FROM login_place WHERE user_id = ? AND place >= 'd' AND place < 'e'"
                    " AND logins = 1 ORDER BY good_at LIMIT {}",
                    number_of<std::size_t>(row[1]) - SessionStore::kMostDevices),
        {text_of(row[0])});
    if (!forgotten) return tl::unexpected(forgotten.error());
  }
  return {};
}

}  // namespace

std::string ring_of(std::string_view address) {
  return fmt::format(
      "IF({0} LIKE '%:%', CAST(CONCAT(INET6_NTOA(CONCAT(LEFT(INET6_ATON({0}), 8),"
      " REPEAT(CHAR(0), 8))), '/64') AS BINARY), CAST({0} AS BINARY))",
      address);
}

std::string insert_places(std::string_view of_sessions, Places places) {
  // What is newer is right: the latest login has the mark that counts.
  const auto newer = [](std::string_view column) {
    return fmt::format(
        " login_place.{0} = IF(VALUES(good_at) >= login_place.good_at, VALUES({0}),"
        " login_place.{0}),",
        column);
  };
  return fmt::format(
      "INSERT INTO login_place (user_id, place, address, device, fingerprint, next_fingerprint,"
      " user_epoch, site_epoch, good_at, logins)"
      " SELECT user_id,"
      " IF(k.of_device, CONCAT('d', LEFT(device, 12)), CONCAT('a', {})),"
      " IF(k.of_device, '', address), IF(k.of_device, device, NULL), fingerprint,"
      " next_fingerprint, user_epoch, site_epoch, created_at, 1"
      " FROM (SELECT session.*{}) s"
      " JOIN (SELECT 0 AS of_device UNION ALL SELECT 1) k"
      // By user, so that two hosts lock the rows of several in one order.
      " ON k.of_device = 0 OR device IS NOT NULL ORDER BY user_id, seq"
      " ON DUPLICATE KEY UPDATE{}{}{}{}{}{} login_place.logins = login_place.logins + {},"
      " login_place.good_at = GREATEST(login_place.good_at, VALUES(good_at))",
      ring_of("address"), of_sessions, newer("address"), newer("device"), newer("fingerprint"),
      newer("next_fingerprint"), newer("user_epoch"), newer("site_epoch"),
      places == Places::noted ? 1 : 0);
}

Result<void> MysqlSessionStore::note_logins(std::span<const SessionId> ids) {
  constexpr std::uint64_t kTwoKnownPlaces = 4;  // an updated row counts as two
  if (ids.empty()) return {};
  const Values sessions = filled_up(ids);
  const std::string insert = insert_places(sessions_of_ids(sessions.size()), Places::noted);
  const auto rows = retry_on_conflict(
      pool_, [&](Connection& connection) { return connection.execute(insert, sessions); });
  auto noted = without_count(rows);
  if (rows && *rows < kTwoKnownPlaces * ids.size()) {
    noted = retry_on_conflict(
        pool_, [&](Connection& connection) { return forget_devices(connection, sessions); });
  }
  if (noted || noted.error().kind != Error::Kind::failed) return noted;
  missing_.tell(noted.error());
  return {};
}

Result<std::vector<StoredPlace>> MysqlSessionStore::places(const user::UserId& id,
                                                           std::chrono::seconds within) {
  const std::array<std::string, 3> queries = {
      select_from(PlaceSource::places, within, kOfAddress, kMostAddresses) + " UNION ALL " +
          select_from(PlaceSource::places, within, kOfDevice, kMostDevices),
      select_from(PlaceSource::sessions, within, "TRUE", kMostAddresses),
      select_from(PlaceSource::sessions_without_device, within, "TRUE", kMostAddresses)};
  Result<Rows> rows;
  std::optional<Error> missing;
  for (const std::string& sql : queries) {
    Values values{id.text()};
    if (&sql == queries.data()) values.push_back(id.text());
    rows = pool_.with([&](Connection& connection) {
      return connection.select(sql, values, kMostAddresses + kMostDevices);
    });
    if (rows || rows.error().kind != Error::Kind::failed) break;
    if (!missing) missing = rows.error();
  }
  if (!rows) return tl::unexpected(rows.error());
  if (missing) missing_.tell(*missing);
  std::vector<StoredPlace> all;
  for (const mysql::Row& row : *rows) {
    all.push_back(place_columns(PlaceSource::sessions).read(row));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& left, const auto& right) { return left.ago < right.ago; });
  return all;
}

}  // namespace gatehouse::session
