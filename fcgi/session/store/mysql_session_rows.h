/// Rows of the table `session` and the pieces of SQL that read them. Private to MysqlSessionStore.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"
#include "session/session.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// What session_of reads, of `session s`.
inline constexpr std::string_view kColumns =
    "s.id, s.user_id, s.username, s.persistent, s.fingerprint, s.next_fingerprint, s.user_epoch,"
    " s.site_epoch, TIMESTAMPDIFF(MICROSECOND, s.created_at, UTC_TIMESTAMP(6)),"
    " TIMESTAMPDIFF(MICROSECOND, s.last_used, UTC_TIMESTAMP(6)), s.login_name";
inline constexpr std::size_t kColumnCount = 11;

inline constexpr std::string_view kEpochs =
    " LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
/// Rows whose session was not ended where kNotEnded holds.
inline constexpr std::string_view kFrom =
    " FROM session s LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
inline constexpr std::string_view kNotEnded =  // COALESCE would compare as decimals, which is slow
    " s.revoked_at IS NULL AND (u.epoch IS NULL OR s.user_epoch >= u.epoch)"
    " AND (a.epoch IS NULL OR s.site_epoch >= a.epoch)";
/// Rows whose session lives: kNotEnded, and not over by time.
[[nodiscard]] std::string live_condition(const Lifetimes& lifetimes);

/// Empty for NULL.
[[nodiscard]] std::string_view text_of(const std::optional<std::string>& column);
[[nodiscard]] std::string_view bytes_of(const Fingerprint& fingerprint);
[[nodiscard]] SessionId id_of(const std::optional<std::string>& column);

/// 0 for NULL.
template <class Number>
Number number_of(const std::optional<std::string>& column) {
  Number number{};
  const std::string_view text = text_of(column);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Of the first kColumnCount columns. A clock that was set back gives no negative ages: a login
/// that lies in its future, by more than the clocks of a cluster's nodes may differ, has none that
/// is known.
[[nodiscard]] StoredSession session_of(const mysql::Row& row);

[[nodiscard]] std::string repeated(std::string_view part, std::size_t times);
/// The placeholders of a list; `count` is not 0.
[[nodiscard]] std::string list_of(std::size_t count);
/// How many of the `left` rows, which are not none, the next statement takes: one of few sizes, so
/// that statements stay prepared.
[[nodiscard]] std::size_t batch_for(std::size_t left);

}  // namespace gatehouse::session
