/// Django's hashes: `algorithm$…` (django/contrib/auth/hashers.py).
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `pbkdf2_sha256$rounds$salt$base64` and `pbkdf2_sha1$…`.
[[nodiscard]] std::optional<StoredHash> parse_django_pbkdf2(std::string_view hash);
/// Reads `scrypt$N$salt$r$p$base64`.
[[nodiscard]] std::optional<StoredHash> parse_django_scrypt(std::string_view hash);
/// Reads what follows `bcrypt_sha256$`: bcrypt over the SHA-256 of the password in hexadecimal.
[[nodiscard]] std::optional<StoredHash> parse_django_bcrypt_sha256(std::string_view hash);
/// Reads `md5$salt$hex` and `sha1$salt$hex`, the digest of the salt and then the password. The salt
/// may be empty.
[[nodiscard]] std::optional<StoredHash> parse_django_salted(std::string_view hash);

/// Writes PBKDF2-SHA1 where `old` has it, otherwise PBKDF2-SHA256.
[[nodiscard]] std::optional<NewHash> new_django_pbkdf2(std::string_view old,
                                                       const Strength& strength);
/// Writes a scrypt that Django can read. Django leaves OpenSSL's limit of 32 MiB as it is and so
/// fails on a hash that needs more: this one takes half the memory of the policy and two passes
/// more, as OWASP recommends.
[[nodiscard]] std::optional<NewHash> new_django_scrypt(std::string_view old,
                                                       const Strength& strength);
/// Writes what follows `bcrypt_sha256$`.
[[nodiscard]] std::optional<NewHash> new_django_bcrypt_sha256(std::string_view old,
                                                              const Strength& strength);

}  // namespace gatehouse::password
