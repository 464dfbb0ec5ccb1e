/// Spring Security's hashes behind their `{id}` (PasswordEncoderFactories).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `{pbkdf2}hex`: salt of 8 bytes, then PBKDF2-SHA1 of 185,000 rounds and 32 bytes; no secret.
[[nodiscard]] std::optional<StoredHash> parse_spring_pbkdf2(std::string_view hash);
/// `{pbkdf2@SpringSecurity_v5_8}hex`: salt of 16 bytes, PBKDF2-SHA256 of 310,000 rounds.
[[nodiscard]] std::optional<StoredHash> parse_spring_pbkdf2_v5_8(std::string_view hash);
/// `{scrypt}$parameters$salt$digest`, `{scrypt@SpringSecurity_v5_8}…`: the parameters are one
/// hexadecimal number, log2(N) × 2^16 + r × 2^8 + p.
[[nodiscard]] std::optional<StoredHash> parse_spring_scrypt(std::string_view hash);
/// `{sha256}hex`: salt of 8 bytes, then SHA-256 1,024 times (StandardPasswordEncoder).
[[nodiscard]] std::optional<StoredHash> parse_spring_sha256(std::string_view hash);
/// `{MD5}{salt}hex`, `{SHA-1}{salt}hex` and `{SHA-256}{salt}hex`, or without a salt: one digest of
/// the password and the salt, its braces and all (MessageDigestPasswordEncoder).
[[nodiscard]] std::optional<StoredHash> parse_spring_digest(std::string_view hash);

[[nodiscard]] bool recognises_spring_sha256(std::string_view hash) noexcept;

}  // namespace gatehouse::password
