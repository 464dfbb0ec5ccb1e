#include "base/log.h"
#include "handlers/pages.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/content.h"

namespace gatehouse::handlers {

http::Response logout(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  if (const auto ended = services.sessions.end(session_candidates(services, request)); !ended) {
    spdlog::warn("logout: {}", ended.error().what);
    return busy(request);
  }
  http::Response response = http::is_form(request)
                                ? to_login_page(request, Said::logged_out)
                                : http::message(200, "You successfully logged out");
  response.headers.emplace_back("Set-Cookie", services.cookie.clear(request.https()));
  response.headers.emplace_back("Vary", "Cookie");
  return response;
}

/// Before the session keys are claimed: what it ends may not be known by the other hosts, so it is
/// not called ended. It is refused here from now on, and written as soon as it can be.
http::Response note_logout(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  static_cast<void>(services.sessions.end(session_candidates(services, request)));
  return busy(request);
}

}  // namespace gatehouse::handlers
