#include "handlers/visitor.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "guard/same_site.h"

namespace gatehouse::handlers {

std::vector<std::string_view> session_candidates(const Services& services,
                                                 const http::Request& request) {
  return services.cookie.candidates(request.param("HTTP_COOKIE"), request.https());
}

session::Found find_session(const Services& services, const http::Request& request, Need need) {
  const auto candidates = session_candidates(services, request);
  const auto patience = request.may_wait() ? session::Patience::some : session::Patience::none;
  return need == Need::known_user ? services.sessions.find_known(candidates, patience)
                                  : services.sessions.find(candidates, patience);
}

http::Response no_session(session::Found::State state) {
  switch (state) {
    case session::Found::State::none: {
      http::Response response = http::refusal(401);
      response.headers.emplace_back("Vary", "Cookie");
      return response;
    }
    case session::Found::State::ask:
      return http::elsewhere(http::Lane::database);
    case session::Found::State::live:
    case session::Found::State::unavailable:
      return http::refusal(503);
  }
  return http::refusal(503);
}

session::Origin origin_of(const http::Request& request) {
  constexpr std::size_t kLongestAgent = 255;
  std::string agent(request.param("HTTP_USER_AGENT").substr(0, kLongestAgent));
  while (!agent.empty() && !is_utf8(agent) && static_cast<unsigned char>(agent.back()) >= 0x80) {
    agent.pop_back();  // a character that was cut in two
  }
  const bool text = is_utf8(agent);
  std::replace_if(
      agent.begin(), agent.end(),
      [&](unsigned char c) { return c < ' ' || c == 0x7f || (c >= 0x80 && !text); }, '?');
  return {.address = request.client().text(), .user_agent = std::move(agent)};
}

bool is_same_site(const http::Request& request) noexcept {
  return guard::is_same_site({.https = request.https(),
                              .host = request.param("HTTP_HOST"),
                              .sec_fetch_site = request.param("HTTP_SEC_FETCH_SITE"),
                              .origin = request.param("HTTP_ORIGIN"),
                              .referer = request.param("HTTP_REFERER"),
                              .origin_allowed = request.param("GATEHOUSE_ORIGIN_ALLOWED") == "1"});
}

}  // namespace gatehouse::handlers
