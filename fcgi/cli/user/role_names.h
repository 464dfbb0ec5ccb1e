/// Names of roles on the command line.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "user/roles.h"

namespace gatehouse::cli::users {

/// `invalid`, with the rule, for what cannot be the name of a role.
[[nodiscard]] Result<user::Role> parse_role(const std::string& text);
[[nodiscard]] Result<user::Roles> parse_roles(const std::vector<std::string>& texts);

/// The names with commas between.
[[nodiscard]] std::string joined(const user::Roles& roles);

}  // namespace gatehouse::cli::users
