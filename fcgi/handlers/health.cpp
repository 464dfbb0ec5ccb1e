#include "handlers/routes.h"

namespace gatehouse::handlers {

/// Answers while the process serves at all.
http::Response healthz(const Services& /*services*/, http::Request& /*request*/) {
  return http::message(200, "OK");
}

/// Whether a login and a logout would work now.
http::Response readyz(const Services& services, http::Request& request) {
  const auto patience = request.may_wait() ? session::Patience::some : session::Patience::none;
  const auto ready = services.ready(patience);
  if (!ready) return http::elsewhere(http::Lane::database);
  return *ready ? http::message(200, "OK") : http::refusal(503);
}

}  // namespace gatehouse::handlers
