/// The endpoints as one: a request in, a response out.
#pragma once

#include <functional>

#include <tl/expected.hpp>

#include "http/cookie.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "password/new_password.h"
#include "session/sessions.h"
#include "user/authenticator.h"

namespace gatehouse::handlers {

/// What the endpoints work with. All of it is thread-safe.
struct Services {
  session::Sessions& sessions;
  user::Authenticator& authenticator;
  const password::NewPasswordRules& new_passwords;
  const http::SessionCookie& cookie;
  std::size_t max_body_bytes;
  std::function<bool()> database_available;
};

/// A row of the table of routes, with the handler that answers it.
struct Endpoint : http::Route {
  http::Response (*handle)(const Services&, http::Request&);
};

/// Thread-safe.
class Application {
 public:
  explicit Application(Services services)
      : services_(std::move(services)), tls_only_(services_.cookie.always_secure()) {}

  /// The endpoint of a request, to be run in its lane; or the answer where there is none (404,
  /// 405, a body over the limit 413, contradictory parameters 500). Never waits.
  [[nodiscard]] tl::expected<const Endpoint*, http::Response> route(
      const http::Request& request) const;

  /// Runs the handler. The one funnel: what escapes from it is logged and answered with 500.
  [[nodiscard]] http::Response handle(const Endpoint& endpoint,
                                      http::Request& request) const noexcept;

 private:
  Services services_;
  bool tls_only_;  ///< cookie.secure says so; nginx, behind a proxy that ends TLS, may not
};

}  // namespace gatehouse::handlers
