/// The audit events of requests (base/event.h).
#pragma once

#include <string>
#include <string_view>

#include "base/event.h"
#include "handlers/visitor.h"
#include "user/authenticator.h"

namespace gatehouse::handlers {

/// nginx's $request_id, or whatever a site puts in its place. Anything else than letters, digits,
/// `-` and `_` is left out: somebody has let the visitor choose it.
[[nodiscard]] std::string request_id_of(const http::Request& request);

/// An event of this visitor: from where they come, by which browser, and nginx's id of the request.
/// `message` is the beginning of the line of the log.
[[nodiscard]] log::Event event_of(const Visitor& visitor, log::EventKind kind, std::string message);
/// An event with the same fields, and with the user of the visitor's live session.
[[nodiscard]] log::Event event_of_session(const Visitor& visitor, const session::Session& session,
                                          log::EventKind kind, std::string message);

/// Tells the log of the event, and keeps it for its account (session::Sessions::keep).
void tell(const Visitor& visitor, const log::Event& event);

/// Tells of a password that was not accepted, and why, and of the account that it has closed to
/// strangers. `what` is "login" or "password", where the user is asked for the current one: whoever
/// sits at somebody else's browser guesses at both. `typed` is written only where it is the name of
/// a row.
void tell_refused(const Visitor& visitor, std::string_view what, const user::Login& login,
                  const user::Username& typed);

}  // namespace gatehouse::handlers
