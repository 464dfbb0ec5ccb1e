/// The form of WordPress since 6.8: bcrypt over a digest of the password, so that all of a long
/// password counts (wp-includes/pluggable.php, wp_check_password).
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads what follows `$wp`: bcrypt of base64(HMAC-SHA384("wp-sha384", password)).
[[nodiscard]] std::optional<StoredHash> parse_wordpress(std::string_view hash);

/// Writes what follows `$wp`.
[[nodiscard]] std::optional<NewHash> new_wordpress(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
