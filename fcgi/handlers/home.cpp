#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {

http::Response home(const Services& services, http::Request& request) {
  const auto session = find_session(services, request);
  http::Response response =
      session ? http::Response{.status = 200,
                               .body = http::json_object({{"message", "You are already logged in"},
                                                          {"username", session->user->name}}),
                               .headers = {}}
              : http::refusal(401);
  response.headers.emplace_back("Vary", "Cookie");
  return response;
}

}  // namespace gatehouse::handlers
