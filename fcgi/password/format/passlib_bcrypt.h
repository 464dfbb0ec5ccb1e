/// passlib's `$bcrypt-sha256$`: bcrypt over a digest, so that long passwords count whole.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads version 1, `$bcrypt-sha256$2b,12$salt$digest` (over the base64 of SHA-256), and version 2,
/// `$bcrypt-sha256$v=2,t=2b,r=12$salt$digest` (over HMAC-SHA-256 with the salt as its key).
[[nodiscard]] std::optional<StoredHash> parse_passlib_bcrypt_sha256(std::string_view hash);
/// Writes version 2.
[[nodiscard]] std::optional<NewHash> new_passlib_bcrypt_sha256(std::string_view old,
                                                               const Strength& strength);

}  // namespace gatehouse::password
