#include "session/session_rows.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gatehouse::session {
namespace {

Fingerprint fingerprint_of(const std::optional<std::string>& column) {
  Fingerprint fingerprint = 0;
  if (column && column->size() == sizeof fingerprint) {
    std::memcpy(&fingerprint, column->data(), sizeof fingerprint);
  }
  return fingerprint;
}

}  // namespace

SessionId id_of(const std::optional<std::string>& column) {
  SessionId id;
  if (column)
    std::copy_n(column->begin(), std::min(column->size(), id.bytes.size()), id.bytes.begin());
  return id;
}

StoredSession session_of(mysql::Row& row) {
  const auto age = [&](std::size_t column) {
    return microseconds(std::max<std::int64_t>(0, number_of<std::int64_t>(row[column])));
  };
  return {.id = id_of(row[0]),
          .user_id = std::move(row[1]).value_or(""),
          .username = std::move(row[2]).value_or(""),
          .kind = text_of(row[3]) == "0" ? Kind::browser : Kind::persistent,
          .fingerprint = fingerprint_of(row[4]),
          .next_fingerprint = fingerprint_of(row[5]),
          .epochs = {number_of<std::uint32_t>(row[6]), number_of<std::uint32_t>(row[7])},
          .since_login = age(8),
          .since_use = age(9)};
}

}  // namespace gatehouse::session
