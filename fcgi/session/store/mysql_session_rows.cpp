#include "session/store/mysql_session_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gatehouse::session {
namespace {

constexpr std::array<std::size_t, 4> kBatches = {500, 50, 5, 1};

Fingerprint fingerprint_of(const std::optional<std::string>& column) {
  Fingerprint fingerprint = Fingerprint::unknown;
  if (column && column->size() == sizeof fingerprint) {
    std::memcpy(&fingerprint, column->data(), sizeof fingerprint);
  }
  return fingerprint;
}

using Field = std::optional<std::string>;

microseconds signed_age_of(const Field& field) {
  return microseconds(number_of<std::int64_t>(field));
}

microseconds age_of(const Field& field) {
  return std::max(microseconds(0), signed_age_of(field));
}

}  // namespace

std::string_view text_of(const std::optional<std::string>& column) {
  return column ? std::string_view(*column) : std::string_view();
}

std::string_view bytes_of(const Fingerprint& fingerprint) {
  return {reinterpret_cast<const char*>(&fingerprint), sizeof fingerprint};
}

SessionId id_of(const std::optional<std::string>& column) {
  SessionId id;
  if (column) {
    std::copy_n(column->begin(), std::min(column->size(), id.bytes.size()), id.bytes.begin());
  }
  return id;
}

/// The times are constants and not columns, so that the server computes them once and not per row.
std::string live_condition(const Lifetimes& lifetimes) {
  const auto in_time = [](const Lifetime& lifetime) {
    return fmt::format(
        "s.last_used > UTC_TIMESTAMP(6) - INTERVAL {} SECOND"
        " AND s.created_at > UTC_TIMESTAMP(6) - INTERVAL {} SECOND",
        lifetime.idle.count(), lifetime.absolute.count());
  };
  return fmt::format("{} AND IF(s.persistent, {}, {})", kNotRevoked, in_time(lifetimes.persistent),
                     in_time(lifetimes.browser));
}

const mysql::Columns<StoredSession>& session_columns() {
  static const mysql::Columns<StoredSession> columns = {
      {"s.id", [](const Field& field, StoredSession& session) { session.id = id_of(field); }},
      {"s.user_id",
       [](const Field& field, StoredSession& session) {
         session.user_id = user::UserId(std::string(text_of(field)));
       }},
      {"s.username",
       [](const Field& field, StoredSession& session) { session.username = text_of(field); }},
      {"s.login_name",
       [](const Field& field, StoredSession& session) {
         if (!text_of(field).empty()) session.login_name = field;
       }},
      {"s.persistent",
       [](const Field& field, StoredSession& session) {
         session.kind = text_of(field) == "0" ? Kind::browser : Kind::persistent;
       }},
      {"s.fingerprint",
       [](const Field& field, StoredSession& session) {
         session.fingerprint = fingerprint_of(field);
       }},
      {"s.next_fingerprint",
       [](const Field& field, StoredSession& session) {
         session.next_fingerprint = fingerprint_of(field);
       }},
      {"s.user_epoch",
       [](const Field& field, StoredSession& session) {
         session.epochs.user = number_of<decltype(session.epochs.user)>(field);
       }},
      {"s.site_epoch",
       [](const Field& field, StoredSession& session) {
         session.epochs.site = number_of<decltype(session.epochs.site)>(field);
       }},
      {"TIMESTAMPDIFF(MICROSECOND, s.created_at, UTC_TIMESTAMP(6))",
       [](const Field& field, StoredSession& session) {
         constexpr microseconds kClocksDiffer = std::chrono::seconds(10);
         session.since_login = age_of(field);
         session.login_time_known = signed_age_of(field) >= -kClocksDiffer;
       }},
      {"TIMESTAMPDIFF(MICROSECOND, s.last_used, UTC_TIMESTAMP(6))",
       [](const Field& field, StoredSession& session) { session.since_use = age_of(field); }},
  };
  return columns;
}

const mysql::Columns<Origin>& origin_columns() {
  static const mysql::Columns<Origin> columns = {
      {"s.address", [](const Field& field, Origin& origin) { origin.address = text_of(field); }},
      {"s.user_agent",
       [](const Field& field, Origin& origin) { origin.user_agent = text_of(field); }},
  };
  return columns;
}

const mysql::Columns<StoredPlace>& place_columns(PlaceSource source) {
  const auto columns_with = [](std::string_view device, std::string_view time,
                               std::string_view logins) {
    return mysql::Columns<StoredPlace>{
        {"s.address",
         [](const Field& field, StoredPlace& place) { place.address = text_of(field); }},
        {device, [](const Field& field, StoredPlace& place) { place.device = text_of(field); }},
        {"s.fingerprint",
         [](const Field& field, StoredPlace& place) { place.fingerprint = fingerprint_of(field); }},
        {"s.next_fingerprint",
         [](const Field& field, StoredPlace& place) {
           place.next_fingerprint = fingerprint_of(field);
         }},
        {"(u.epoch IS NULL OR s.user_epoch >= u.epoch)"
         " AND (a.epoch IS NULL OR s.site_epoch >= a.epoch)",
         [](const Field& field, StoredPlace& place) { place.current = text_of(field) == "1"; }},
        {time, [](const Field& field, StoredPlace& place) { place.ago = age_of(field); }},
        {logins, [](const Field& field, StoredPlace& place) {
           place.logins = number_of<std::uint32_t>(field);
         }}};
  };
  static constexpr std::string_view kSinceLogin =
      "TIMESTAMPDIFF(MICROSECOND, s.created_at, UTC_TIMESTAMP(6))";
  static const auto sessions = columns_with("s.device", kSinceLogin, "1");
  static const auto without_device = columns_with("NULL", kSinceLogin, "1");
  static const auto places = columns_with(
      "s.device", "TIMESTAMPDIFF(MICROSECOND, s.good_at, UTC_TIMESTAMP(6))", "s.logins");
  switch (source) {
    case PlaceSource::sessions:
      return sessions;
    case PlaceSource::places:
      return places;
    case PlaceSource::sessions_without_device:
      return without_device;
  }
  return sessions;
}

Epochs epochs_of(const mysql::Row& row) {
  return {number_of<Epoch>(row[0]), number_of<Epoch>(row[1])};
}

Result<Epochs> epochs_now(mysql::Connection& connection, const user::UserId& id) {
  return connection.select(fmt::format("SELECT {}", kEpochsNow), {id.text()}, 1)
      .map([](const mysql::Rows& rows) { return epochs_of(rows.front()); });
}

Result<void> raise_epoch_by_one(mysql::Connection& connection, std::string_view row) {
  return connection
      .execute(
          "INSERT INTO session_epoch (user_id, epoch, changes, changed_at)"
          " VALUES (?, 1, 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
          " epoch = epoch + 1, changes = changes + 1, changed_at = UTC_TIMESTAMP(6)",
          {row})
      .map([](std::uint64_t) {});
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(times * part.size());
  for (std::size_t i = 0; i < times; ++i) text.append(part);
  return text;
}

std::string list_of(std::size_t count) {
  return "?" + repeated(",?", count - 1);
}

std::size_t batch_for(std::size_t left) {
  return *std::find_if(kBatches.begin(), kBatches.end(),
                       [&](std::size_t size) { return size <= left; });
}

}  // namespace gatehouse::session
