#include <string>
#include <utility>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"

namespace gatehouse::handlers {
namespace {

/// Tells who leaves, like a login. The log is not worth a question to MySQL, and a token that is no
/// session leaves no line.
void tell_logout(const Visitor& visitor) {
  const auto session = visitor.session_in_memory();
  if (!session) return;
  log::tell(event_of_session(visitor, *session, log::EventKind::logout, "logout:"));
}

}  // namespace

/// Revokes what the visitor brings. Before the session keys are claimed the other hosts may not
/// learn of it, so it is not called done: it is refused here from now on, the cookie stays, and it
/// is written as soon as that can be.
http::Response logout(const Services& services, Visitor& visitor) {
  const bool keys_claimed =
      services.keys_claimed();  // before: what is revoked later is known to the others
  tell_logout(visitor);
  const auto revoked = services.sessions.revoke(visitor.tokens().view());
  if (!keys_claimed) return answer(visitor, Outcome::logged_out_late);
  if (!revoked) {
    spdlog::warn("logout: {}", revoked.error().what);
    return answer(visitor, Outcome::logged_out_late);
  }
  http::Response response = answer(visitor, Outcome::logged_out);
  const http::Transport transport = visitor.request().transport();
  response.headers.emplace_back("Set-Cookie", services.cookie.clear(transport));
  for (std::string& other : services.cookie.clear_others(transport)) {
    response.headers.emplace_back("Set-Cookie", std::move(other));
  }
  return response;
}

}  // namespace gatehouse::handlers
