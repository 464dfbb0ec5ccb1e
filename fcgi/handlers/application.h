/// The one door to the endpoints: a request in, a response out.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include <tl/expected.hpp>

#include "handlers/answers.h"
#include "handlers/endpoint.h"
#include "handlers/services.h"
#include "http/request.h"
#include "http/response.h"

namespace gatehouse::handlers {

/// Finds the row of a request, checks what that needs, looks the session up and runs the handler.
/// Thread-safe.
class Application {
 public:
  explicit Application(Services services)
      : services_(std::move(services)), tls_only_(services_->cookie.always_secure()) {}
  /// An application without services, for a process that has no settings to serve by
  /// (`misconfigured`), or is not ready yet (`away`): route() answers every request, /healthz with
  /// 200 and all others with that 503, so that visitors hear at once what is the matter.
  explicit Application(Outcome refusal) : refusal_(refusal) {}

  /// The endpoint of a request, to be handled in its lane; or the answer where there is none (404,
  /// 405, a body over the limit 413, contradictory parameters 500, an
  /// address of the visitor that is none 400, before the session keys are
  /// claimed 503, without services 503). Never waits.
  [[nodiscard]] tl::expected<const Endpoint*, http::Response> route(
      const http::Request& request) const;

  /// The answer to a request of this endpoint. Nothing where only the database knows it and the
  /// request may not wait for that: it is to be handled again in the database lane. This is the one
  /// funnel: what escapes from a handler is logged and answered with 500.
  [[nodiscard]] std::optional<http::Response> handle(const Endpoint& endpoint,
                                                     http::Request& request) const noexcept;

  /// The answer to a request that its lane has no room for.
  [[nodiscard]] http::Response lane_is_full(const Endpoint& endpoint, http::Request& request) const;

 private:
  [[nodiscard]] std::optional<http::Response> answer(const Endpoint& endpoint,
                                                     http::Request& request) const;
  [[nodiscard]] std::optional<Outcome> objection(Needs needs, Visitor& visitor) const;
  [[nodiscard]] static std::optional<Outcome> objection_to_session(Needs needs, Visitor& visitor);

  /// The answer to a request while not every row is open.
  [[nodiscard]] std::optional<http::Response> refuse_closed(const Endpoint& endpoint,
                                                            const http::Request& request) const;

  std::optional<Services> services_;
  Outcome refusal_ = Outcome::misconfigured;  ///< without services
  bool tls_only_ = false;  ///< cookie.secure says so; nginx, behind a proxy that ends TLS, may not
  /// Whether every row is open: there are services, and the session keys were claimed.
  mutable std::atomic<bool> open_{false};
};

}  // namespace gatehouse::handlers
