/// Rows of the table `session` and the pieces of SQL that read them. Private to MysqlSessionStore.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "mysql/columns.h"
#include "mysql/connection.h"
#include "session/session.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// The columns of `session s` that make a StoredSession. If the server's clock was set back, ages
/// are 0 and not negative; and the age of a login that lies further in the future than the clocks
/// of a cluster's nodes may differ is marked as not known.
[[nodiscard]] const mysql::Columns<StoredSession>& session_columns();
[[nodiscard]] const mysql::Columns<Origin>& origin_columns();
/// The tables that tell where a user has logged in. Before migration 5 there are sessions alone,
/// without a device.
enum class PlaceSource { sessions, places, sessions_without_device };
/// The columns of the source, as `s`, that make a StoredPlace.
[[nodiscard]] const mysql::Columns<StoredPlace>& place_columns(PlaceSource source);

/// The row of session_epoch that holds the site's epoch. No user has this id.
inline constexpr std::string_view kSiteRow;

/// Joins the epochs of the session's user and of the site, which kNotRevoked compares.
inline constexpr std::string_view kEpochs =
    " LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
inline constexpr std::string_view kFrom =
    " FROM session s LEFT JOIN session_epoch u ON u.user_id = s.user_id"
    " LEFT JOIN session_epoch a ON a.user_id = ''";
/// The epochs of a user, whose id is the one parameter, and of the site: what epochs_of() reads.
/// The columns have names, since MySQL would name them by their whole text, and Connector/C++ turns
/// each letter of a name to upper case at each reading.
inline constexpr std::string_view kEpochsNow =
    "COALESCE((SELECT epoch FROM session_epoch WHERE user_id = ?), 0) AS u,"
    " COALESCE((SELECT epoch FROM session_epoch WHERE user_id = ''), 0) AS a";
inline constexpr std::string_view
    kNotRevoked =  // COALESCE would compare as decimals, which is slow
    " s.revoked_at IS NULL AND (u.epoch IS NULL OR s.user_epoch >= u.epoch)"
    " AND (a.epoch IS NULL OR s.site_epoch >= a.epoch)";
/// The condition of a live row: kNotRevoked, and not expired.
[[nodiscard]] std::string live_condition(const Lifetimes& lifetimes);

/// Empty for NULL.
[[nodiscard]] std::string_view text_of(const std::optional<std::string>& column);
[[nodiscard]] std::string_view bytes_of(const Fingerprint& fingerprint);
[[nodiscard]] SessionId id_of(const std::optional<std::string>& column);

/// 0 for NULL. `Number` is an integer, or an enumeration as Epoch.
template <class Number>
Number number_of(const std::optional<std::string>& column) {
  if constexpr (std::is_enum_v<Number>) {
    return Number{number_of<std::underlying_type_t<Number>>(column)};
  } else {
    Number number{};
    const std::string_view text = text_of(column);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
}

/// Reads the epochs from the first two columns.
[[nodiscard]] Epochs epochs_of(const mysql::Row& row);
/// Reads the epochs without a lock. As part of a statement that writes, the reading would lock the
/// rows; on Galera a node that applies another's write to such a row would wait for us while we
/// wait for it. The price is the race that SessionStore::add names.
Result<Epochs> epochs_now(mysql::Connection& connection, const user::UserId& id);
/// Raises the epoch of a row of session_epoch by one: of a user's, or of kSiteRow.
Result<void> raise_epoch_by_one(mysql::Connection& connection, std::string_view row);

[[nodiscard]] std::string repeated(std::string_view part, std::size_t times);
/// The placeholders of a list; `count` is not 0.
[[nodiscard]] std::string list_of(std::size_t count);
/// How many of the `left` rows the next statement takes; `left` is not 0. It is one of few sizes,
/// so that statements stay prepared.
[[nodiscard]] std::size_t batch_for(std::size_t left);

}  // namespace gatehouse::session
