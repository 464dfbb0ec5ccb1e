/// The part of MysqlSessionStore that keeps from where users have logged in: one row of login_place
/// for each network of an address and each device, so that neither many logins nor the purge of
/// their sessions makes a place forgotten.
#include "session/store/mysql_login_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_store.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Rows;
using mysql::Values;

/// The name of the ring of `session.address`, as guard::AddressRings has it. The /64 of an IPv6
/// address ends in zeros, so that any server abbreviates it in the same way.
constexpr std::string_view kRing =
    "IF(address LIKE '%:%', CAST(CONCAT(INET6_NTOA(CONCAT(LEFT(INET6_ATON(address), 8),"
    " REPEAT(CHAR(0), 8))), '/64') AS BINARY), CAST(address AS BINARY))";

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

/// Forgets devices that were seen once, if there are too many: a client that keeps no cookies is a
/// new one at each login.
Result<void> forget_devices(Connection& connection, const SessionId& session) {
  constexpr std::size_t kTooMany = 2 * SessionStore::kMostDevices;
  const auto counted = connection.select(
      fmt::format("SELECT s.user_id, COUNT(*) FROM login_place s WHERE s.user_id ="
                  " (SELECT user_id FROM session WHERE id = ?) AND {} GROUP BY s.user_id",
                  kOfDevice),
      {session.view()}, 1);
  if (!counted) return tl::unexpected(counted.error());
  if (counted->empty()) return {};
  const auto count = number_of<std::size_t>(counted->front()[1]);
  if (count <= kTooMany) return {};
  return without_count(connection.execute(
      fmt::format("DELETE FROM login_place WHERE user_id = ? AND place >= 'd' AND place < 'e'"
                  " AND logins = 1 ORDER BY good_at LIMIT {}",
                  count - SessionStore::kMostDevices),
      {text_of(counted->front()[0])}));
}

}  // namespace

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
      " ON k.of_device = 0 OR device IS NOT NULL ORDER BY seq"
      " ON DUPLICATE KEY UPDATE{}{}{}{}{}{} login_place.logins = login_place.logins + {},"
      " login_place.good_at = GREATEST(login_place.good_at, VALUES(good_at))",
      kRing, of_sessions, newer("address"), newer("device"), newer("fingerprint"),
      newer("next_fingerprint"), newer("user_epoch"), newer("site_epoch"),
      places == Places::noted ? 1 : 0);
}

Result<void> MysqlSessionStore::note_login(const SessionId& id) {
  static const std::string insert = insert_places(" FROM session WHERE id = ?", Places::noted);
  constexpr std::uint64_t kTwoKnownPlaces = 4;  // an updated row counts as two
  auto noted = retry_on_conflict(pool_, [&](Connection& connection) -> Result<void> {
    const auto rows = connection.execute(insert, {id.view()});
    if (!rows) return tl::unexpected(rows.error());
    return *rows < kTwoKnownPlaces ? forget_devices(connection, id) : Result<void>();
  });
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
