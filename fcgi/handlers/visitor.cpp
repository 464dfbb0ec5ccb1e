#include "handlers/visitor.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

/// Whether a person has followed a link: by Sec-Fetch-Mode, and where a browser does not send that,
/// by what it accepts before anything else.
bool navigates(const http::Request& request) noexcept {
  constexpr std::string_view kPage = "text/html";
  const std::string_view mode = request.param("HTTP_SEC_FETCH_MODE");
  if (!mode.empty()) return mode == "navigate";
  return equal_ignoring_case(request.param("HTTP_ACCEPT").substr(0, kPage.size()), kPage);
}

}  // namespace

Visitor::Visitor(const Services& services, const Endpoint& endpoint,
                 http::Request& request) noexcept
    : services_(services), request_(request), pages_(endpoint.pages) {}

bool Visitor::sends_form() const noexcept {
  return pages_ != Pages::never && http::is_form(request_);
}

bool Visitor::sees_page() const noexcept {
  return sends_form() || (pages_ == Pages::to_browsers && navigates(request_));
}

http::TokenCandidates Visitor::tokens() const noexcept {
  return services_.cookie.candidates(request_.param("HTTP_COOKIE"), request_.transport());
}

session::Lookup::State Visitor::look_up(Needs needs) {
  const auto candidates = tokens();
  found_ = has(needs, Needs::known_user)
               ? services_.sessions.find_known(candidates.view(), patience())
               : services_.sessions.find(candidates.view(), patience());
  return found_.state;
}

bool Visitor::brings_session_of(const user::UserId& id) {
  look_up(Needs::lookup);
  return has_session() && session().user->id == id;
}

guard::Asker Visitor::asker() const {
  const auto cookie = services_.cookie.device(request_.param("HTTP_COOKIE"), request_.transport());
  return {.client = request_.client(),
          .device = cookie ? services_.devices.read(*cookie) : std::nullopt};
}

session::Origin Visitor::origin() const {
  constexpr std::size_t kLongestAgent = 255;
  std::string agent(request_.param("HTTP_USER_AGENT").substr(0, kLongestAgent));
  while (!agent.empty() && !is_utf8(agent) && static_cast<unsigned char>(agent.back()) >= 0x80) {
    agent.pop_back();  // a character that was cut in two
  }
  const bool text = is_utf8(agent);
  std::replace_if(
      agent.begin(), agent.end(),
      [&](unsigned char c) { return c < ' ' || c == 0x7f || (c >= 0x80 && !text); }, '?');
  return {.address = request_.client().text(), .user_agent = std::move(agent)};
}

}  // namespace gatehouse::handlers
