#include "handlers/routes.h"
#include "http/response.h"

namespace gatehouse::handlers {

/// Answers /healthz while the process serves at all; and /readyz, where the row needs more.
http::Response health(const Services& /*services*/, Visitor& /*visitor*/) {
  return http::message(200, "OK");
}

}  // namespace gatehouse::handlers
