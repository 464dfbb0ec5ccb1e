/// Which location nginx takes: ngx_http_core_find_location(), step by step.
#pragma once

#include <string>
#include <string_view>

#include "nginx/site.h"

namespace gatehouse::nginx {

struct Located {
  const Level* level = nullptr;                     ///< the server itself where no location matches
  std::vector<std::string> groups;                  ///< of the expression that matched last
  std::map<std::string, std::string> named_groups;  ///< likewise
  /// nginx answers 301 to the same address with a slash, since that is a location with a handler.
  bool redirects = false;
};

/// For an address that is decoded and without dot segments; it may lack the leading slash.
/// `firm_prefixes` false: as if each `^~` were missing.
[[nodiscard]] Located locate(const Level& server, std::string_view uri, bool firm_prefixes = true);

/// The named location of a server; null if there is none.
[[nodiscard]] const Level* named_location(const Level& server, std::string_view name);

}  // namespace gatehouse::nginx
