/// Finds where a request may end: it goes through nginx's phases, and where a configuration alone
/// does not decide, it goes both ways. walk.cpp tells the phases.
#pragma once

#include <string>
#include <vector>

#include "nginx/locate.h"
#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

class Judges;

/// Who makes the request.
struct Visitor {
  enum class Kind {
    stranger,  ///< everybody who is asked refuses this visitor
    member,    ///< everybody who is asked agrees
    question,  ///< nginx itself asks, for an auth_request; such a request has no access phase
  };
  Kind kind = Kind::stranger;
  FirmPrefix firm_prefix = FirmPrefix::keeps_expressions_out;
};

/// All endings of a request for `uri` at `server`. A condition on the visitor's headers, on files
/// or on the time goes both ways. Ways beyond 4,000 steps, or beyond the budget of `judges`, are
/// dropped.
[[nodiscard]] std::vector<Ending> walk(const Site& site, Judges& judges, const Level& server,
                                       const std::string& uri, Visitor visitor);

}  // namespace gatehouse::nginx
