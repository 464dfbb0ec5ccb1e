/// What a user may do, and whether they may log in at all: beside the site's table of users.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"

namespace gatehouse::user {

/// Names, sorted, each once.
using Roles = std::vector<std::string>;
inline const Roles no_roles;

/// 1 to 64 bytes of printable ASCII but for space, comma, slash and quotes: what fits a header's
/// list and the path of a location.
[[nodiscard]] bool is_role(std::string_view name) noexcept;

struct Standing {
  bool disabled = false;
  Roles roles;
};

/// Every set of roles that was seen, once: a site has few. Never forgets. Thread-safe.
class RoleSets {
 public:
  /// The one that equals `roles`; it lives as long as this.
  const Roles& intern(const Roles& roles) {
    if (roles.empty()) return no_roles;
    return sets_.with([&](auto& sets) -> const Roles& { return *sets.insert(roles).first; });
  }

 private:
  Guarded<std::set<Roles>> sets_;
};

}  // namespace gatehouse::user
