/// How the rows of the table `session` are read. Private to session/.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"
#include "session/session_store.h"

namespace gatehouse::session {

inline constexpr std::string_view kColumns =
    "s.id, s.user_id, s.username, s.persistent, s.fingerprint, s.next_fingerprint, s.user_epoch,"
    " s.site_epoch, TIMESTAMPDIFF(MICROSECOND, s.created_at, UTC_TIMESTAMP(6)),"
    " TIMESTAMPDIFF(MICROSECOND, s.last_used, UTC_TIMESTAMP(6))";
inline constexpr std::size_t kColumnCount = 10;

inline constexpr std::string_view kEpochs =
    " LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
/// Rows whose session was not ended where kNotEnded holds, and lives where kLive does.
inline constexpr std::string_view kFrom =
    " FROM session s LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
inline constexpr std::string_view kNotEnded =
    " s.revoked_at IS NULL AND s.user_epoch >= COALESCE(u.epoch, 0)"
    " AND s.site_epoch >= COALESCE(a.epoch, 0)";
inline constexpr std::string_view kLive =
    " s.revoked_at IS NULL AND s.user_epoch >= COALESCE(u.epoch, 0)"
    " AND s.site_epoch >= COALESCE(a.epoch, 0)"
    " AND s.last_used > UTC_TIMESTAMP(6) - INTERVAL IF(s.persistent, ?, ?) SECOND"
    " AND s.created_at > UTC_TIMESTAMP(6) - INTERVAL IF(s.persistent, ?, ?) SECOND";

inline std::string_view bytes_of(const Fingerprint& fingerprint) {
  return {reinterpret_cast<const char*>(&fingerprint), sizeof fingerprint};
}

inline std::string_view text_of(const std::optional<std::string>& column) {
  return column ? std::string_view(*column) : std::string_view();
}

template <class Number>
Number number_of(const std::optional<std::string>& column) {
  Number number{};
  const std::string_view text = text_of(column);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

[[nodiscard]] SessionId id_of(const std::optional<std::string>& column);

/// Of the first kColumnCount columns. A clock that was set back gives no negative ages.
[[nodiscard]] StoredSession session_of(mysql::Row& row);

}  // namespace gatehouse::session
