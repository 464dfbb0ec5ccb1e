/// The roles of a user, and whether they may log in at all. Neither is in the site's table of
/// users.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"

namespace gatehouse::user {

/// The name of a role: 1 to 64 bytes of printable ASCII without space, comma, slash and quotes. So
/// it fits a header's list and the path of a location.
class Role {
 public:
  /// Total; nothing for any other bytes.
  [[nodiscard]] static std::optional<Role> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  friend bool operator==(const Role&, const Role&) = default;
  auto operator<=>(const Role& other) const noexcept { return text_ <=> other.text_; }

 private:
  explicit Role(std::string_view text) : text_(text) {}
  std::string text_;
};

/// A user's roles, sorted, each once.
using Roles = std::vector<Role>;
inline const Roles no_roles;

/// The state of a user that other queries than user.query tell: whether they are disabled, and
/// roles.
struct Standing {
  bool disabled = false;
  Roles roles;
};

/// Keeps each set of roles that was seen once, so that a million sessions share a few. It never
/// forgets one: a site has few. Thread-safe.
class RoleSets {
 public:
  /// Gives the kept set that equals `roles`. It lives as long as this object.
  const Roles& intern(const Roles& roles) {
    if (roles.empty()) return no_roles;
    return sets_.with([&](auto& sets) -> const Roles& { return *sets.insert(roles).first; });
  }

 private:
  Guarded<std::set<Roles>> sets_;
};

}  // namespace gatehouse::user
