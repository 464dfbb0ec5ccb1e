/// passlib's PBKDF2 hashes: `$pbkdf2-sha256$rounds$salt$digest` in its own base64, and the LDAP
/// form of the same, `{PBKDF2-SHA256}rounds$salt$digest`.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `$pbkdf2$` and `$pbkdf2-sha1$` (both SHA-1), `$pbkdf2-sha256$`, `$pbkdf2-sha512$`.
[[nodiscard]] std::optional<StoredHash> parse_passlib(std::string_view hash);
/// `{PBKDF2}`, `{PBKDF2-SHA1}`, `{PBKDF2-SHA256}`, `{PBKDF2-SHA512}`.
[[nodiscard]] std::optional<StoredHash> parse_passlib_ldap(std::string_view hash);

}  // namespace gatehouse::password
