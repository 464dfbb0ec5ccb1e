/// Forms of the PHC string format beside Argon2's: scrypt and bcrypt.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads passlib's `$scrypt$ln=16,r=8,p=1$salt$digest`, of 32 bytes, and `n=65536` in place of
/// `ln=16`, of 64 bytes, which AdonisJS writes. The parameters may stand in any order.
[[nodiscard]] std::optional<StoredHash> parse_phc_scrypt(std::string_view hash);
/// Reads AdonisJS's `$bcrypt$v=98$r=10$salt$digest`, whose salt and digest are bytes in base64.
[[nodiscard]] std::optional<StoredHash> parse_phc_bcrypt(std::string_view hash);

/// Writes `ln=` or `n=`, as `old` has it.
[[nodiscard]] std::optional<NewHash> new_phc_scrypt(std::string_view old, const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_phc_bcrypt(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
