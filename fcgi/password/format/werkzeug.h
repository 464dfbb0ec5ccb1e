/// Werkzeug's hashes, as Flask applications keep them: `method$salt$hex` (werkzeug/security.py).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `pbkdf2:sha1|sha256|sha512[:rounds]$salt$hex`. Werkzeug has written the rounds since it writes
/// PBKDF2; a hash without them is read with 150,000, its default from 0.15 to 1.x (before: 50,000;
/// 2.0: 260,000; 2.3: 600,000).
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_pbkdf2(std::string_view hash);
/// `scrypt:N:r:p$salt$hex`, since 2.3.
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_scrypt(std::string_view hash);
/// `sha1$salt$hex`, `sha256$…`, `sha512$…`, `md5$…`: HMAC with the salt as its key; a bare digest
/// where the salt is empty. Read until 2.x, no longer written since 0.9.
[[nodiscard]] std::optional<StoredHash> parse_werkzeug_salted(std::string_view hash);

}  // namespace gatehouse::password
