#include "handlers/routes.h"

namespace gatehouse::handlers {

/// Answers while the process serves at all.
http::Response healthz(const Services& /*services*/, http::Request& /*request*/) {
  return http::message(200, "OK");
}

/// Whether logins can be checked now.
http::Response readyz(const Services& services, http::Request& /*request*/) {
  return services.database_available() ? http::message(200, "OK") : http::refusal(503);
}

}  // namespace gatehouse::handlers
