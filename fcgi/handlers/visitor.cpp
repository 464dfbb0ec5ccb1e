#include "handlers/visitor.h"

#include "guard/same_site.h"

namespace gatehouse::handlers {

std::vector<std::string_view> session_candidates(const Services& services,
                                                 const http::Request& request) {
  return services.cookie.candidates(request.param("HTTP_COOKIE"), request.https());
}

std::optional<session::Session> find_session(const Services& services,
                                             const http::Request& request) {
  return services.sessions.find(session_candidates(services, request));
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
