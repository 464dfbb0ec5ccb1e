#include "handlers/application.h"

#include <exception>

#include "base/log.h"
#include "handlers/routes.h"

namespace gatehouse::handlers {

tl::expected<const Endpoint*, http::Response> Application::route(
    const http::Request& request) const {
  if (request.contradictory()) {
    spdlog::error("nginx sends a GATEHOUSE_ parameter twice; refusing {}",
                  log::quoted(request.path()));
    return tl::unexpected(http::refusal(500));
  }
  const Endpoint* const endpoint = http::find_route(routes(), request);
  if (endpoint == nullptr) return tl::unexpected(http::no_route(routes(), request));
  // What nginx itself asks for is not judged by the size of what its visitor sends.
  const bool limited = endpoint->access == http::Access::open;
  if (limited && request.body_size() > services_.max_body_bytes)
    return tl::unexpected(http::refusal(413));
  if (endpoint->before_claim == nullptr && !services_.claimed()) {
    return tl::unexpected(http::refusal(503));
  }
  return endpoint;
}

http::Response Application::handle(const Endpoint& endpoint,
                                   http::Request& request) const noexcept {
  if (tls_only_) request.came_over_tls();
  try {
    const bool early = endpoint.before_claim != nullptr && !services_.claimed();
    return (early ? endpoint.before_claim : endpoint.handle)(services_, request);
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", to_string(request.method()), endpoint.path, error.what());
  } catch (...) {
    spdlog::error("{} {}: unknown exception", to_string(request.method()), endpoint.path);
  }
  return http::refusal(500);
}

}  // namespace gatehouse::handlers
