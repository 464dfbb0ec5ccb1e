#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {

http::Response home(const Services& services, http::Request& request) {
  const auto found = find_session(services, request);
  if (found.state != session::Lookup::State::live) return no_session(found.state);
  return {.status = 200,
          .body = http::json_object(
              {{"message", "You are already logged in"}, {"username", found.session->user->name}}),
          .headers = {{"Vary", "Cookie"}}};
}

}  // namespace gatehouse::handlers
