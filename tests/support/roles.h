/// Roles by their names.
#pragma once

#include <initializer_list>
#include <string_view>

#include "user/roles.h"

namespace gatehouse::test {

/// The names must be given sorted. Throws where one is not a role's.
[[nodiscard]] inline user::Roles roles_named(std::initializer_list<std::string_view> names) {
  user::Roles roles;
  for (const auto name : names) roles.push_back(user::Role::parse(name).value());
  return roles;
}

}  // namespace gatehouse::test
