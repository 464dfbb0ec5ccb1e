/// What the site allows and wants of its hashes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::password {

struct Policy {
  /// Names of weak schemes that are let in all the same: those of the table (scheme.cpp), in any
  /// case. `ldap-SSHA`, `dovecot-SSHA` and `SSHA` are one.
  std::vector<std::string> allow_weak;
  bool allow_every_weak = false;
};
/// Whether `scheme`, a weak one, is allowed.
[[nodiscard]] bool allows(const Policy& policy, std::string_view scheme) noexcept;

}  // namespace gatehouse::password
