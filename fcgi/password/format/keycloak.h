/// Keycloak's credentials: two JSON columns, `secret_data` and `credential_data`.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"
#include "password/scheme_input.h"

namespace gatehouse::password {

/// Reads `secret_data` (`{"value":…,"salt":…}`), with `credential_data`
/// (`{"hashIterations":…,"algorithm":…}`) behind it or in the salt column: argon2 and pbkdf2.
[[nodiscard]] std::optional<StoredHash> parse_keycloak(std::string_view hash,
                                                       const SchemeInput& input);

}  // namespace gatehouse::password
