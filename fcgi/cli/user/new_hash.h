/// New passwords for the verbs of `gatehouse user`: asked for, judged, hashed.
#pragma once

#include <iosfwd>

#include "base/error.h"
#include "base/secret.h"
#include "cli/read_password.h"
#include "config/settings.h"
#include "user/user.h"

namespace gatehouse::cli::users {

/// Reads a new password for the user of this name and judges it by the rules of POST /password.
/// Errors as read_new_password(), and `invalid`, with the rule, where it breaks one.
[[nodiscard]] Result<Secret> read_good_password(const config::Settings& settings,
                                                std::string_view name, PasswordSource source,
                                                std::istream& in);

/// The hash of a new user's password, in the scheme of password.new. Takes its time. Errors as
/// password::make_hash().
[[nodiscard]] Result<Secret> hash_for_new(const config::Settings& settings, const Secret& password);

/// The hash of a new password for that row: in its scheme, or in that of password.write. Takes its
/// time. Errors as password::changed_hash().
[[nodiscard]] Result<Secret> hash_for_row(const config::Settings& settings, const user::User& row,
                                          const Secret& password);

}  // namespace gatehouse::cli::users
