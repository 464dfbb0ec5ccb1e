#include "handlers/visitor.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "base/repeated.h"
#include "guard/same_site.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

guard::RequestOrigin request_origin(const http::Request& request) noexcept {
  return {.https = request.https(),
          .host = request.param("HTTP_HOST"),
          .sec_fetch_site = request.param("HTTP_SEC_FETCH_SITE"),
          .origin = request.param("HTTP_ORIGIN"),
          .referer = request.param("HTTP_REFERER"),
          .origin_allowed = request.param("GATEHOUSE_ORIGIN_ALLOWED") == "1",
          .referer_allowed = request.param("GATEHOUSE_REFERER_ALLOWED") == "1"};
}

/// Whether `Accept` names this type, or types that begin so, before all others.
bool accepts_first(const http::Request& request, std::string_view type) noexcept {
  return equal_ignoring_case(request.param("HTTP_ACCEPT").substr(0, type.size()), type);
}

}  // namespace

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

bool is_same_site(const http::Request& request) {
  const auto origin = request_origin(request);
  if (guard::is_same_site(origin)) return true;
  static Repeated refusals;
  if (refusals.happened()) {
    spdlog::warn(
        "cross-site: {} requests were refused since the last such line; of this one {} (is that "
        "the "
        "site's own page, and does a proxy in front end TLS? Then say in nginx's server: set "
        "$gatehouse_https on;)",
        refusals.count(), guard::comparison(origin));
  }
  return false;
}

bool is_link_of_ours(const http::Request& request) noexcept {
  return guard::is_link_of_ours(request_origin(request));
}

bool is_page(const http::Request& request) noexcept {
  if (http::is_form(request)) return true;
  const std::string_view mode = request.param("HTTP_SEC_FETCH_MODE");
  return mode.empty() ? accepts_first(request, "text/html") : mode == "navigate";
}

bool is_unasked(const http::Request& request) noexcept {
  constexpr std::array kSpeculative = {"HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"};
  if (std::any_of(kSpeculative.begin(), kSpeculative.end(),
                  [&](const char* name) { return !request.param(name).empty(); })) {
    return true;
  }
  // `empty` is a script's fetch().
  const std::string_view destination = request.param("HTTP_SEC_FETCH_DEST");
  if (!destination.empty()) return destination != "document" && destination != "empty";
  constexpr std::array kParts = {"image/", "text/css", "video/", "audio/"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](const char* type) { return accepts_first(request, type); });
}

}  // namespace gatehouse::handlers
