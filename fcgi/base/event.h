/// The audit events: what happened to a login, a session, an account or the service itself.
///
/// An event is one line of the log, which a program can read by its fields. The table of them, with
/// what each means, is in gatehouse(8), EVENTS; a unit test holds the two together. No field ever
/// holds a password, a token, a cookie or a hash. A name that stands in no row is left out as well,
/// since people type passwords there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::log {

enum class EventKind : std::uint8_t {
  login,
  login_refused,
  login_throttled,
  account_closed,
  account_opened,
  logout,
  session_revoked,
  password_changed,
  password_refused,
  hash_rewritten,
  roles_changed,
  user_disabled,
  user_enabled,
  origin_refused,
  address_refused,
  link_made,
  link_used,
  link_refused,
  keys_changed,
  settings_reloaded,
};

/// A longer field is cut. The longest that comes from outside is a browser's name for itself.
inline constexpr std::size_t kMostFieldBytes = 256;

/// How an event ended, for whoever filters by it.
enum class Ending : std::uint8_t { success, failure };

struct Event {
  EventKind kind;
  Ending ending = Ending::success;
  /// What happened, for people: the beginning of the line ("login: wrong password").
  std::string message;
  std::string_view reason{};  ///< a word that stays the same from version to version
  std::string user_id{};      ///< as the site's table has it
  std::string user{};         ///< the name, of a row
  std::string address{};      ///< where the request came from
  std::string user_agent{};   ///< as the browser says
  std::string session{};      ///< the handle of a session (`gatehouse session list`)
  std::string request{};      ///< nginx's $request_id
  std::string detail{};       ///< what else is to be told, such as the new roles
};

/// The name of its kind, which stays the same from version to version: "login_refused".
[[nodiscard]] std::string_view to_string(EventKind kind) noexcept;
/// The kinds, in the order of the table in gatehouse(8).
[[nodiscard]] std::span<const EventKind> event_kinds() noexcept;

/// The fields that the event has, by their names, in the order in which they are written. `message`
/// is not one of them.
using Fields = std::vector<std::pair<std::string_view, std::string_view>>;
[[nodiscard]] Fields fields_of(const Event& event);

/// The event as the log has it in its usual form: the message, and the fields as logfmt.
[[nodiscard]] std::string as_text(const Event& event);

/// Writes the event to the log, as the setting log.format says, or to the journal with its fields,
/// where standard error is the journal. Thread-safe.
void tell(const Event& event);

/// Writes the event to the system's log, for a verb, whose own log is silent: to the journal with
/// its fields, or where there is none, to syslog(3). Thread-safe.
void tell_system(const Event& event);

}  // namespace gatehouse::log
