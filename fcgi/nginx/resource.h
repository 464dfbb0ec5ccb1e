/// Says what the handler of a location serves.
#pragma once

#include <string>
#include <string_view>

#include "nginx/request.h"

namespace gatehouse::nginx {

/// The proxy_pass, fastcgi_pass and so on of the location or of the `if` in it. Null if nginx
/// serves files there.
[[nodiscard]] const Directive* handler_of(const Level& level);

/// Whether the handler, which stands at that level, passes requests to Gatehouse.
[[nodiscard]] bool passes_to_gatehouse(const Level& level, const Directive& handler);

/// The thing that the handler answers the request with.
[[nodiscard]] Resource resource_of(const Request& request, const Directive& handler,
                                   const Site& site);

/// The fastcgi_param line of this name that holds at the level, the last one if there are several,
/// as PHP takes it. Null if there is none.
[[nodiscard]] const Directive* fastcgi_parameter(const Level& level, std::string_view name);

/// The address in a proxy_pass and its like, in two parts. An `upstream` block is named by its
/// first server, so that two names of one application compare as equal.
struct Upstream {
  std::string server;  ///< what comes before the path
  std::string path;    ///< empty if the address has none
};
[[nodiscard]] Upstream upstream_of(std::string_view address, const Site& site);

}  // namespace gatehouse::nginx
