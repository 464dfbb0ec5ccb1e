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

StoredSession session_of(const mysql::Row& row) {
  constexpr microseconds kClocksDiffer = std::chrono::seconds(10);
  const auto signed_age = [&](std::size_t column) {
    return microseconds(number_of<std::int64_t>(row[column]));
  };
  const auto age = [&](std::size_t column) {
    return std::max(microseconds(0), signed_age(column));
  };
  return {.id = id_of(row[0]),
          .user_id = row[1].value_or(""),
          .username = row[2].value_or(""),
          .login_name = row[10].value_or(""),
          .kind = text_of(row[3]) == "0" ? Kind::browser : Kind::persistent,
          .fingerprint = fingerprint_of(row[4]),
          .next_fingerprint = fingerprint_of(row[5]),
          .epochs = {number_of<Epoch>(row[6]), number_of<Epoch>(row[7])},
          .since_login = age(8),
          .since_use = age(9),
          .login_time_known = signed_age(8) >= -kClocksDiffer};
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
