/// Where a request may end: nginx's phases, tried with everything that cannot be known going both
/// ways.
#pragma once

#include <string>
#include <vector>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

class Judges;

struct Visitor {
  enum class Kind {
    stranger,  ///< whoever is asked refuses
    member,    ///< whoever is asked agrees
    question,  ///< nginx itself, for an auth_request: no access phase
  };
  Kind kind = Kind::stranger;
  bool firm_prefixes = true;  ///< false: as if each `^~` were missing
};

/// All ways of a request for `uri` at `server`. What depends on the visitor's headers, on files or
/// on the time goes both ways. Nothing behind some thousand steps.
[[nodiscard]] std::vector<Ending> walk(const Site& site, Judges& judges, const Level& server,
                                       const std::string& uri, Visitor visitor);

}  // namespace gatehouse::nginx
