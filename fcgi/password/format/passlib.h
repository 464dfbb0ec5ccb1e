/// passlib's PBKDF2 hashes: `$pbkdf2-sha256$rounds$salt$digest` in its own base64, and their LDAP
/// form, `{PBKDF2-SHA256}rounds$salt$digest`.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `$pbkdf2$` and `$pbkdf2-sha1$`, which both mean SHA-1, `$pbkdf2-sha256$` and
/// `$pbkdf2-sha512$`.
[[nodiscard]] std::optional<StoredHash> parse_passlib(std::string_view hash);
/// Reads `{PBKDF2}`, `{PBKDF2-SHA1}`, `{PBKDF2-SHA256}` and `{PBKDF2-SHA512}`, in any case.
[[nodiscard]] std::optional<StoredHash> parse_passlib_ldap(std::string_view hash);

/// Both write the digest that `old` names; `old` may be the opening of a hash alone. The LDAP form
/// keeps the name in braces as it stands in `old`; the other writes `$pbkdf2$` for SHA-1.
[[nodiscard]] std::optional<NewHash> new_passlib(std::string_view old, const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_passlib_ldap(std::string_view old,
                                                      const Strength& strength);

}  // namespace gatehouse::password
