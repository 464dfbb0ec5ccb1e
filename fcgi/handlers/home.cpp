#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {

http::Response home(const Services& /*services*/, Visitor& visitor) {
  return {.status = 200,
          .body = http::json_object({{"message", "You are already logged in"},
                                     {"username", visitor.session().user->name}}),
          .headers = {{"Vary", "Cookie"}}};
}

}  // namespace gatehouse::handlers
