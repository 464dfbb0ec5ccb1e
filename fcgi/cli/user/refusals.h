/// What the verbs of `gatehouse user` say where the tables do not let them.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "cli/user/database.h"

namespace gatehouse::cli::users {

// Each gives the error, with what to do instead, or nothing where the verb can do its work.

/// `what` is the verb: "added", "listed", "deleted".
[[nodiscard]] std::optional<Error> foreign_table(const Database& database, std::string_view what);
/// Where passwords are not written.
[[nodiscard]] std::optional<Error> no_password_change(const Database& database);
/// Where roles are the site's own matter.
[[nodiscard]] std::optional<Error> no_role_change(const Database& database);
/// Where it is the site's own matter who is disabled.
[[nodiscard]] std::optional<Error> no_disabling(const Database& database);

}  // namespace gatehouse::cli::users
