#include "password/policy.h"

#include <algorithm>

#include "base/encoding.h"

namespace gatehouse::password {
namespace {

/// LDAP and Dovecot share their `{SCHEME}` names.
std::string_view without_origin(std::string_view name) noexcept {
  for (const std::string_view origin : {"ldap-", "dovecot-"}) {
    const std::string_view front = name.substr(0, origin.size());
    if (equal_ignoring_case(front, origin) && !equal_ignoring_case(name, "LDAP-MD5")) {
      return name.substr(origin.size());
    }
  }
  return name;
}

}  // namespace

bool allows(const Policy& policy, std::string_view scheme) noexcept {
  const auto& names = policy.allow_weak;
  return policy.allow_every_weak || std::any_of(names.begin(), names.end(), [&](const auto& name) {
           return equal_ignoring_case(without_origin(name), without_origin(scheme));
         });
}

}  // namespace gatehouse::password
