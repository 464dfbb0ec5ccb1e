#include "session/events/login_event.h"

#include <algorithm>
#include <array>

namespace gatehouse::session {

LoginEvent LoginEvent::of(const log::Event& event) {
  return {.kind = std::string(log::to_string(event.kind)),
          .failed = event.ending == log::Ending::failure,
          .reason = std::string(event.reason),
          .user_id = event.user_id,
          .user = event.user,
          .address = event.address,
          .user_agent = event.user_agent,
          .session = event.session,
          .request = event.request};
}

bool is_kept(const log::Event& event) noexcept {
  using Kind = log::EventKind;
  constexpr std::array<Kind, 7> kKept = {
      Kind::login,          Kind::login_refused,    Kind::login_throttled,
      Kind::account_closed, Kind::password_changed, Kind::password_refused,
      Kind::link_used};
  // While MySQL is away no password is looked at, and nothing could be written.
  return event.reason != "unavailable" &&
         std::find(kKept.begin(), kKept.end(), event.kind) != kKept.end();
}

}  // namespace gatehouse::session
