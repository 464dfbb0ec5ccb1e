/// Werkzeug's hashes, as Flask applications keep them: `method$salt$hex` (werkzeug/security.py).
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `pbkdf2:sha1|sha256|sha512[:rounds]$salt$hex`. Werkzeug has always written the rounds; a
/// hash without them is read with 150,000, the default of versions 0.15 to 1.x.
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_pbkdf2(std::string_view hash);
/// Reads `scrypt:N:r:p$salt$hex`, which Werkzeug writes since 2.3.
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_scrypt(std::string_view hash);
/// Reads `sha1$salt$hex`, `sha256$…`, `sha512$…` and `md5$…`: HMAC with the salt as its key, or a
/// bare digest where the salt is empty. Werkzeug has not written them since 0.9; it reads them
/// until 2.x.
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_salted(std::string_view hash);

/// Writes PBKDF2-SHA512 where `old` has it, otherwise PBKDF2-SHA256, which every Werkzeug reads.
[[nodiscard]] std::optional<NewHash> new_werkzeug_pbkdf2(std::string_view old,
                                                         const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_werkzeug_scrypt(std::string_view old,
                                                         const Strength& strength);

}  // namespace gatehouse::password
