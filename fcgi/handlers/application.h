/// The endpoints as one: a request in, a response out.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <tl/expected.hpp>

#include "base/repeated.h"
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
  /// Whether a login and a logout would work now (session::Readiness::ask).
  std::function<std::optional<bool>(session::Patience)> ready;
  /// Whether the session keys are claimed. Until then a token may be one that the other hosts
  /// refuse, and a logout here one that ends nothing there.
  std::function<bool()> claimed = [] { return true; };
  /// Visitors whom /auth refuses since no header can carry their name, or their id.
  std::shared_ptr<Repeated> unfit_names = std::make_shared<Repeated>();
  std::shared_ptr<Repeated> unfit_ids = std::make_shared<Repeated>();
};

/// A row of the table of routes, with the handler that answers it.
struct Endpoint : http::Route {
  using Handler = http::Response (*)(const Services&, http::Request&);
  Handler handle;
  /// The one that answers until the session keys are claimed; without one it is 503.
  Handler before_claim = nullptr;
};

/// Thread-safe.
class Application {
 public:
  explicit Application(Services services)
      : services_(std::move(services)), tls_only_(services_.cookie.always_secure()) {}

  /// The endpoint of a request, to be run in its lane; or the answer where there is none (404,
  /// 405, a body over the limit 413, contradictory parameters 500, before the session keys are
  /// claimed 503). Never waits.
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
