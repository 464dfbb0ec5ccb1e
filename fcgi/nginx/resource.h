/// What a location's handler serves.
#pragma once

#include <string>
#include <string_view>

#include "nginx/request.h"

namespace gatehouse::nginx {

/// proxy_pass and its like, of the location or of the `if` in it; null where nginx itself serves
/// files.
[[nodiscard]] const Directive* handler_of(const Level& level);

/// What the handler gives for the request.
[[nodiscard]] Resource resource_of(const Request& request, const Directive& handler,
                                   const Site& site);

/// The parameter that FastCGI gets here, as written; null if it gets none. Of two, the last.
[[nodiscard]] const Directive* fastcgi_parameter(const Level& level, std::string_view name);

/// An address of another server: what comes before the path, and the path; the path is empty where
/// there is none. An `upstream` is named by its first server, so that two names of one compare as
/// equal.
struct Upstream {
  std::string server;
  std::string path;
};
[[nodiscard]] Upstream upstream_of(std::string_view address, const Site& site);

}  // namespace gatehouse::nginx
