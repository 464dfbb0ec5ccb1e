/// Chooses the location of an address, step by step as nginx's ngx_http_core_find_location() does.
#pragma once

#include <string>
#include <string_view>

#include "nginx/site.h"

namespace gatehouse::nginx {

/// The location that nginx takes for an address.
struct Located {
  const Level* level = nullptr;       ///< the server itself where no location matches
  std::vector<std::string> groups{};  ///< those of the expression that matched last
  std::map<std::string, std::string> named_groups{};  ///< those of the same expression
  /// True if nginx answers 301 to the same address with a slash: a location of that name passes
  /// requests on, and none is named like the address.
  bool redirects = false;
};

/// How a location with `^~` is taken. A rule compares both to see what a `^~` switches off.
enum class FirmPrefix {
  keeps_expressions_out,  ///< as nginx does
  is_a_plain_one,
};

/// Chooses the location for `uri`, which is decoded and has no dot segments. It may lack the
/// leading slash, as the address of an auth_request may.
[[nodiscard]] Located locate(const Level& server, std::string_view uri,
                             FirmPrefix firm_prefix = FirmPrefix::keeps_expressions_out);

/// The named location of a server; null if there is none.
[[nodiscard]] const Level* named_location(const Level& server, std::string_view name);

}  // namespace gatehouse::nginx
