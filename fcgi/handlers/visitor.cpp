#include "handlers/visitor.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::handlers {

Visitor::Visitor(const Services& services, const Endpoint& endpoint,
                 http::Request& request) noexcept
    : Recipient(endpoint, request), services_(services), request_(request) {}

std::optional<session::Session> Visitor::session_in_memory() const {
  const auto found = services_.sessions.find(tokens().view(), session::Patience::none);
  return found.state == session::Lookup::State::live ? found.session : std::nullopt;
}

std::string Visitor::handle_of(const session::Session& session) const {
  return services_.sessions.handle_of(session);
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

void Visitor::keep(const log::Event& event) const {
  services_.sessions.keep(event);
}

std::string user_agent_of(const http::Request& request) {
  constexpr std::size_t kLongestAgent = 255;
  std::string agent(request.param("HTTP_USER_AGENT").substr(0, kLongestAgent));
  while (!agent.empty() && !is_utf8(agent) && static_cast<unsigned char>(agent.back()) >= 0x80) {
    agent.pop_back();  // a character that was cut in two
  }
  const bool text = is_utf8(agent);
  std::replace_if(
      agent.begin(), agent.end(),
      [&](unsigned char c) { return c < ' ' || c == 0x7f || (c >= 0x80 && !text); }, '?');
  return agent;
}

session::Origin Visitor::origin() const {
  return {.address = request_.client().text(), .user_agent = user_agent_of(request_)};
}

}  // namespace gatehouse::handlers
