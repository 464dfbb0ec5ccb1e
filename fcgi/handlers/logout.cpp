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

/// Whether the answer has the browser drop the pages that it keeps of this site, so that its Back
/// shows none to whoever sits there next. Only our own page may make it do so, by a POST: a link
/// from elsewhere would make every visit slow. Programs have nothing to drop.
bool clears_cache(const Visitor& visitor) noexcept {
  return visitor.request().method() == http::Method::post && visitor.comes_from_own_page();
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
  if (clears_cache(visitor)) {
    response.headers.emplace_back("Clear-Site-Data", "\"cache\"");
  }
  const http::Transport transport = visitor.request().transport();
  response.headers.emplace_back("Set-Cookie", services.cookie.clear(transport));
  for (std::string& other : services.cookie.clear_others(transport)) {
    response.headers.emplace_back("Set-Cookie", std::move(other));
  }
  return response;
}

}  // namespace gatehouse::handlers
