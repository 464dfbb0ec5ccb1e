/// Django's hashes: `algorithm$…` (django/contrib/auth/hashers.py).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `pbkdf2_sha256$rounds$salt$base64`, `pbkdf2_sha1$…`.
[[nodiscard]] std::optional<StoredHash> parse_django_pbkdf2(std::string_view hash);
/// `scrypt$N$salt$r$p$base64`.
[[nodiscard]] std::optional<StoredHash> parse_django_scrypt(std::string_view hash);
/// `argon2$argon2id$v=19$…`.
[[nodiscard]] std::optional<StoredHash> parse_django_argon2(std::string_view hash);
/// `bcrypt$$2b$…`.
[[nodiscard]] std::optional<StoredHash> parse_django_bcrypt(std::string_view hash);
/// `bcrypt_sha256$$2b$…`: over the SHA-256 of the password, in hexadecimal.
[[nodiscard]] std::optional<StoredHash> parse_django_bcrypt_sha256(std::string_view hash);
/// `md5$salt$hex`, `sha1$salt$hex`; the salt may be empty.
[[nodiscard]] std::optional<StoredHash> parse_django_salted(std::string_view hash);

}  // namespace gatehouse::password
