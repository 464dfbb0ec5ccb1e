#include "session/events/mysql_event_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/encoding.h"
#include "guard/device_mint.h"
#include "mysql/columns.h"
#include "mysql/transaction.h"
#include "session/sessions.h"
#include "session/store/missing_tables.h"
#include "session/store/mysql_login_places.h"
#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Row;
using mysql::Values;
using Field = mysql::Columns<ListedEvent>::Field;

microseconds event_age(const Field& field) {
  // The clocks of a cluster's nodes differ.
  return std::max(microseconds(0), microseconds(number_of<std::int64_t>(field)));
}

std::optional<bool> flag_of(const Field& field) {
  return field ? std::optional(*field == "1") : std::nullopt;
}

const mysql::Columns<ListedEvent>& event_columns() {
  static const mysql::Columns<ListedEvent> columns = {
      {"id", [](const Field& field, ListedEvent& one) { one.id = text_of(field); }},
      {"kind", [](const Field& field, ListedEvent& one) { one.event.kind = text_of(field); }},
      {"failed",
       [](const Field& field, ListedEvent& one) { one.event.failed = text_of(field) != "0"; }},
      {"reason", [](const Field& field, ListedEvent& one) { one.event.reason = text_of(field); }},
      {"user_id", [](const Field& field, ListedEvent& one) { one.event.user_id = text_of(field); }},
      {"username", [](const Field& field, ListedEvent& one) { one.event.user = text_of(field); }},
      {"address", [](const Field& field, ListedEvent& one) { one.event.address = text_of(field); }},
      {"user_agent",
       [](const Field& field, ListedEvent& one) { one.event.user_agent = text_of(field); }},
      {"session", [](const Field& field, ListedEvent& one) { one.event.session = text_of(field); }},
      {"request", [](const Field& field, ListedEvent& one) { one.event.request = text_of(field); }},
      {"new_device",
       [](const Field& field, ListedEvent& one) { one.event.new_device = flag_of(field); }},
      {"new_address",
       [](const Field& field, ListedEvent& one) { one.event.new_address = flag_of(field); }},
      {"times", [](const Field& field,
                   ListedEvent& one) { one.event.times = number_of<std::uint32_t>(field); }},
      {"TIMESTAMPDIFF(MICROSECOND, at, UTC_TIMESTAMP(6))",
       [](const Field& field, ListedEvent& one) { one.ago = event_age(field); }},
      {"TIMESTAMPDIFF(MICROSECOND, written_at, UTC_TIMESTAMP(6))",
       [](const Field& field, ListedEvent& one) { one.written_ago = event_age(field); }},
  };
  return columns;
}

/// Two rows for each login whose session is there: the place that is the network of its address,
/// and the one that is its device, if they are known.
std::string places_of(std::size_t logins, std::chrono::seconds known_for) {
  static constexpr std::string_view kLogin =
      "SELECT CAST(? AS BINARY(16)) AS id, CAST(? AS BINARY(12)) AS device";
  return fmt::format(
      "SELECT n.id, k.of_device, p.device, p.fingerprint, p.next_fingerprint,"
      " p.user_epoch >= session.user_epoch AND p.site_epoch >= session.site_epoch,"
      " p.place IS NOT NULL"
      " FROM ({}{}) n STRAIGHT_JOIN session ON session.id = n.id"
      " JOIN (SELECT 0 AS of_device UNION ALL SELECT 1) k"
      " LEFT JOIN login_place p ON p.user_id = session.user_id"
      " AND p.place = IF(k.of_device, CONCAT('d', n.device), CONCAT('a', {}))"
      " AND p.good_at > UTC_TIMESTAMP(6) - INTERVAL {} SECOND",
      kLogin, repeated(fmt::format(" UNION ALL {}", kLogin), logins - 1),
      ring_of("session.address"), known_for.count());
}

/// Whether the place in the row is the device of the login, as guard::Acquaintances would know it.
bool is_device_of(const Row& row, const Arrival& login) {
  if (login.device.size() != sizeof(guard::DeviceId) || text_of(row[2]) != login.device ||
      text_of(row[5]) != "1") {
    return false;
  }
  return std::any_of(login.prints.begin(), login.prints.end(), [&](const Fingerprint& print) {
    return bytes_of(print) == text_of(row[3]) || bytes_of(print) == text_of(row[4]);
  });
}

std::string insert_of(std::size_t rows) {
  static constexpr std::string_view kRow =
      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''), ?,"
      " UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND, UTC_TIMESTAMP(6))";
  return fmt::format(
      "INSERT INTO login_event (id, kind, failed, reason, user_id, username, address, user_agent,"
      " session, request, new_device, new_address, times, at, written_at) VALUES {}{}"
      " ON DUPLICATE KEY UPDATE"
      " user_agent = IF(VALUES(at) >= login_event.at, VALUES(user_agent), login_event.user_agent),"
      " request = IF(VALUES(at) >= login_event.at, VALUES(request), login_event.request),"
      " times = GREATEST(login_event.times, VALUES(times)),"
      " at = GREATEST(login_event.at, VALUES(at)), written_at = VALUES(written_at)",
      kRow, repeated(fmt::format(", {}", kRow), rows - 1));
}

std::string_view text_of_flag(const std::optional<bool>& flag) noexcept {
  return !flag ? "" : *flag ? "1" : "0";
}

}  // namespace

Result<std::vector<Novelty>> MysqlEventStore::novelty(std::span<const Arrival> logins) {
  constexpr std::array<std::size_t, 4> kSizes = {1, 8, 64, kMostAtOnce};
  std::vector<Novelty> all(logins.size());
  if (logins.empty()) return all;
  Values values;
  std::unordered_map<SessionId, std::size_t, SessionId::Hash> places;
  for (const Arrival& login : logins) {
    places[login.session] = values.size() / 2;
    values.push_back(login.session.view());
    values.push_back(std::string_view(login.device).substr(0, sizeof(guard::DeviceCookie::device)));
  }
  const std::size_t size = *std::lower_bound(kSizes.begin(), kSizes.end(), logins.size());
  values.resize(2 * size);
  const std::string sql = places_of(size, known_for_);
  const auto rows =
      pool_.with([&](Connection& connection) { return connection.select(sql, values, 2 * size); });
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    const auto place = places.find(id_of(row[0]));
    if (place == places.end()) continue;
    Novelty& one = all[place->second];
    if (text_of(row[1]) == "1") {
      one.device = !is_device_of(row, logins[place->second]);
    } else {
      one.address = text_of(row[6]) != "1";
    }
  }
  return all;
}

Result<void> MysqlEventStore::write(std::span<const WaitingEvent> events) {
  const TimePoint now = clock_.now();
  while (!events.empty()) {
    const auto batch = events.first(batch_for(events.size()));
    events = events.subspan(batch.size());
    std::vector<std::string> numbers;
    numbers.reserve(2 * batch.size());
    Values values;
    for (const auto& [id, event, at] : batch) {
      const auto ago = std::chrono::duration_cast<microseconds>(std::max(now - at, {}));
      for (const std::string_view value :
           {std::string_view(id), std::string_view(event.kind),
            std::string_view(event.failed ? "1" : "0"), std::string_view(event.reason),
            std::string_view(event.user_id), std::string_view(event.user),
            std::string_view(event.address), std::string_view(event.user_agent),
            std::string_view(event.session), std::string_view(event.request),
            text_of_flag(event.new_device), text_of_flag(event.new_address)}) {
        values.push_back(value);
      }
      values.push_back(numbers.emplace_back(std::to_string(event.times)));
      values.push_back(numbers.emplace_back(std::to_string(ago.count())));
    }
    const std::string sql = insert_of(batch.size());
    auto written = without_count(retry_on_conflict(
        pool_, [&](Connection& connection) { return connection.execute(sql, values); }));
    if (!written) return written;
  }
  return {};
}

Result<std::vector<ListedEvent>> MysqlEventStore::of_user(const user::UserId& id,
                                                          std::size_t most) {
  const auto part = [&](int failed) {
    return fmt::format(
        "(SELECT {} FROM login_event WHERE user_id = ? AND failed = {}"
        " ORDER BY at DESC LIMIT {})",
        event_columns().list(), failed, most);
  };
  const std::string sql = part(0) + " UNION ALL " + part(1);
  const auto rows = pool_.with([&](Connection& connection) {
    return connection.select(sql, {id.text(), id.text()}, 2 * most);
  });
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ListedEvent> events;
  for (const Row& row : *rows) events.push_back(event_columns().read(row));
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& left, const auto& right) { return left.ago < right.ago; });
  return events;
}

Result<void> for_each_event(mysql::Pool& tables, const EventQuery& query,
                            const std::function<void()>& begin,
                            const std::function<bool(ListedEvent&&)>& event) {
  std::string conditions = "TRUE";
  if (!query.users.empty()) {
    std::string ids;
    for (const auto& id : query.users) {
      ids.append(ids.empty() ? "" : ", ").append("X'" + hex_encode(id.text()) + "'");
    }
    conditions += " AND user_id IN (" + ids + ")";
  }
  if (query.since) {
    conditions += fmt::format(" AND written_at >= UTC_TIMESTAMP(6) - INTERVAL {} MICROSECOND",
                              query.since->count());
  }
  const std::string sql = fmt::format("SELECT {} FROM login_event WHERE {} ORDER BY written_at, id",
                                      event_columns().list(), conditions);
  auto read = tables.with([&](Connection& connection) -> Result<void> {
    begin();
    return without_count(
        connection.for_each(sql, [&](const Row& row) { return event(event_columns().read(row)); }));
  });
  if (!read) read.error().what = with_advice(read.error());
  return read;
}

Result<void> prove_event_table(mysql::Pool& tables) {
  static constexpr std::array<std::string_view, 3> kStatements = {
      "INSERT INTO login_event (id, kind, failed, reason, user_id, username, address, user_agent,"
      " session, request, times, at, written_at) VALUES (REPEAT(CHAR(0), 16), '', 0, '', '', '', "
      "'',"
      " '', '', '', 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))"
      " ON DUPLICATE KEY UPDATE times = login_event.times",
      "SELECT times FROM login_event LIMIT 0",
      "DELETE FROM login_event WHERE id = REPEAT(CHAR(0), 16)"};
  auto proved = tables.with([](Connection& connection) {
    return mysql::in_transaction(connection, [&](mysql::Transaction& transaction) -> Result<void> {
      for (const std::string_view sql : kStatements) {
        auto done = sql.starts_with("SELECT")
                        ? connection.select(sql, {}, 1).map([](const mysql::Rows&) {})
                        : without_count(connection.execute(sql));
        if (!done) return done;
      }
      transaction.roll_back();
      return {};
    });
  });
  if (!proved) proved.error().what = with_advice(proved.error());
  return proved;
}

}  // namespace gatehouse::session
