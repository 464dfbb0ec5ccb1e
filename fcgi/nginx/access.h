/// nginx's access phase: the lines that may refuse a request (allow and deny, passwords,
/// auth_request), and how `satisfy` combines what they say.
#pragma once

#include <vector>

#include "nginx/judges.h"
#include "nginx/request.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {

struct Refusal {
  int status;
  const Directive* by;  ///< the line that refuses
};

/// The outcome of the phase for one request.
struct Access {
  bool admitted = true;
  std::vector<Step> steps;        ///< who agreed; the caller adds them to the request's way
  std::vector<Refusal> refusals;  ///< one for each status that the visitor may see
};

/// Runs the phase at the location that the request is in. The visitor's network is in no list but
/// those that mean everybody; a member passes each question, and a stranger none.
[[nodiscard]] Access access_of(const Request& request, Judges& judges, Visitor::Kind visitor);

/// The auth_request that holds at this level; null if there is none, or it is "off".
[[nodiscard]] const Directive* auth_request_of(const Level& level);
/// The directive that keeps strangers out in another way than auth_request: a password, a signed
/// link, a certificate. Null if there is none.
[[nodiscard]] const Directive* other_guard_of(const Level& level);
/// True if the address of an `allow` or `deny` means everybody: "all", or a network of size zero.
[[nodiscard]] bool is_everybody(std::string_view address);

}  // namespace gatehouse::nginx
