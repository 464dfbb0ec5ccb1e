#include "handlers/events.h"

#include <algorithm>
#include <utility>

#include "base/bounded.h"
#include "base/log.h"

namespace gatehouse::handlers {
namespace {

/// What the event is called for a program. (`to_string` has it for people.)
std::string_view reason_of(user::LoginOutcome outcome) noexcept {
  switch (outcome) {
    case user::LoginOutcome::accepted:
      return "";
    case user::LoginOutcome::unknown_user:
      return "unknown_user";
    case user::LoginOutcome::wrong_password:
      return "wrong_password";
    case user::LoginOutcome::unreadable_hash:
      return "unreadable_hash";
    case user::LoginOutcome::ambiguous:
      return "ambiguous";
    case user::LoginOutcome::disabled:
      return "disabled";
    case user::LoginOutcome::closed_row:
      return "account_closed";
    case user::LoginOutcome::throttled:
      return "throttled";
    case user::LoginOutcome::unavailable:
      return "unavailable";
  }
  return "";
}

/// Refusals without a look cost the client nothing, and must not fill the log.
Bounded& throttled_logins() {
  static Bounded all(60);
  return all;
}
/// A page tries again by itself while MySQL is away, of which other lines tell.
Bounded& logins_without_mysql() {
  static Bounded all(3);
  return all;
}

void tell_bounded(log::Event event, Bounded& bounded) {
  const auto untold = bounded.happened();
  if (!untold) return;
  if (*untold > 0) event.detail = fmt::format("{} more since the last such line", *untold);
  log::tell(event);
}

/// Tells the administrator, whom the owner will ask, since the answers do not say it. The name is
/// that of a row: whatever else is typed there may be a password.
void tell_closed(const Visitor& visitor, const user::Login& login, const user::Username& typed) {
  auto event = event_of(
      visitor, log::EventKind::account_closed,
      fmt::format("login: user={} is closed to strangers after too many wrong passwords: logins "
                  "are accepted only from known addresses and browsers. `gatehouse user unlock "
                  "NAME` opens it to all, `gatehouse user link NAME` to one browser of its owner",
                  log::quoted(typed.text())));
  event.reason = "wrong_passwords";
  event.user = typed.text();
  if (login.user) event.user_id = login.user->id.text();
  tell(visitor, event);
}

}  // namespace

std::string request_id_of(const http::Request& request) {
  constexpr std::size_t kLongest = 64;
  const std::string_view id = request.param("REQUEST_ID");
  const bool fits = id.size() <= kLongest && std::all_of(id.begin(), id.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_';
                    });
  return fits ? std::string(id) : std::string();
}

void tell(const Visitor& visitor, const log::Event& event) {
  log::tell(event);
  visitor.keep(event);
}

log::Event event_of(const Visitor& visitor, log::EventKind kind, std::string message) {
  auto origin = visitor.origin();
  return {.kind = kind,
          .message = std::move(message),
          .address = std::move(origin.address),
          .user_agent = std::move(origin.user_agent),
          .request = request_id_of(visitor.request())};
}

log::Event event_of_session(const Visitor& visitor, const session::Session& session,
                            log::EventKind kind, std::string message) {
  auto event = event_of(visitor, kind, std::move(message));
  event.user_id = session.user->id.text();
  event.user = session.user->name;
  event.session = visitor.handle_of(session);
  return event;
}

void tell_refused(const Visitor& visitor, std::string_view what, const user::Login& login,
                  const user::Username& typed) {
  const bool throttled = login.outcome == user::LoginOutcome::throttled;
  auto event = event_of(visitor,
                        throttled         ? log::EventKind::login_throttled
                        : what == "login" ? log::EventKind::login_refused
                                          : log::EventKind::password_refused,
                        fmt::format("{}: {}", what, to_string(login.outcome)));
  event.ending = log::Ending::failure;
  event.reason = reason_of(login.outcome);
  if (login.user) {
    event.user_id = login.user->id.text();
    event.user = login.user->name;
  }
  if (throttled) {
    visitor.keep(event);
    return tell_bounded(std::move(event), throttled_logins());
  }
  if (login.outcome == user::LoginOutcome::unavailable) {
    return tell_bounded(std::move(event), logins_without_mysql());
  }
  if (login.closes) tell_closed(visitor, login, typed);
  tell(visitor, event);
}

}  // namespace gatehouse::handlers
