#include <optional>
#include <string>
#include <utility>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/body.h"

namespace gatehouse::handlers {

namespace {

/// What stands in the way of a logout: 403, or for a link of unknown origin the page that asks.
/// A link is what a browser follows by GET; programs and scripts are judged as everywhere.
std::optional<http::Response> objection(const http::Request& request) {
  const bool by_post = request.method() == http::Method::post;
  if (!by_post && is_unasked(request)) return http::refusal(403);
  if (by_post || !is_page(request)) {
    if (!is_same_site(request)) return http::refusal(403);
  } else if (!is_link_of_ours(request)) {
    return to_confirm_logout(request);
  }
  return std::nullopt;
}

}  // namespace

http::Response logout(const Services& services, http::Request& request) {
  if (auto objected = objection(request)) return std::move(*objected);
  const bool page = is_page(request);
  if (const auto ended = services.sessions.end(session_candidates(services, request)); !ended) {
    spdlog::warn("logout: {}", ended.error().what);
    return page ? to_login_page(request, Said::busy) : busy(request);
  }
  http::Response response =
      page ? after_logout(request) : http::message(200, "You successfully logged out");
  response.headers.emplace_back("Set-Cookie", services.cookie.clear(request.https()));
  for (std::string& other : services.cookie.clear_others(request.https())) {
    response.headers.emplace_back("Set-Cookie", std::move(other));
  }
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
