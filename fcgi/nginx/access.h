/// nginx's access phase: who is asked, and what they say.
#pragma once

#include <vector>

#include "nginx/judges.h"
#include "nginx/request.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {

struct Refusal {
  int status;
  const Directive* by;
};
/// One of the ways to go on.
struct Access {
  bool admitted = true;
  std::vector<Step> steps;  ///< what is to be noted of it
  std::vector<Refusal> refusals;
};

[[nodiscard]] Access access_of(const Request& request, Judges& judges, Visitor::Kind visitor);

/// The auth_request that holds here; null if there is none, or "off".
[[nodiscard]] const Directive* auth_request_of(const Level& level);
/// The directive that keeps strangers out otherwise: passwords, signed links, certificates.
[[nodiscard]] const Directive* other_guard_of(const Level& level);
/// Whether `allow` means everybody.
[[nodiscard]] bool is_everybody(std::string_view address);

}  // namespace gatehouse::nginx
