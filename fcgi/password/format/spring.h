/// The hashes of Spring Security (PasswordEncoderFactories). Its ids in braces are case-sensitive.
///
/// All but parse_spring_digest read what follows the id.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `{pbkdf2}hex`: a salt of 8 bytes, then 32 bytes of PBKDF2-SHA1 with 185,000 rounds and no
/// secret.
[[nodiscard]] std::optional<StoredHash> parse_spring_pbkdf2(std::string_view hash);
/// `{pbkdf2@SpringSecurity_v5_8}hex`: a salt of 16 bytes, then PBKDF2-SHA256 with 310,000 rounds.
[[nodiscard]] std::optional<StoredHash> parse_spring_pbkdf2_v5_8(std::string_view hash);
/// `{scrypt}$parameters$salt$digest` and `{scrypt@SpringSecurity_v5_8}…`: the parameters are one
/// hexadecimal number, log2(N) × 2^16 + r × 2^8 + p.
[[nodiscard]] std::optional<StoredHash> parse_spring_scrypt(std::string_view hash);
/// `{sha256}hex`: a salt of 8 bytes, then SHA-256 applied 1,024 times (StandardPasswordEncoder).
[[nodiscard]] std::optional<StoredHash> parse_spring_sha256(std::string_view hash);
/// Reads `{MD5}{salt}hex`, `{SHA-1}{salt}hex` and `{SHA-256}{salt}hex`, the salt being optional:
/// one digest of the password and the salt with its braces (MessageDigestPasswordEncoder).
[[nodiscard]] std::optional<StoredHash> parse_spring_digest(std::string_view hash);

/// True if a `{sha256}` hash is as long as Spring's: Dovecot has a {SHA256} too.
[[nodiscard]] bool is_spring_sha256(std::string_view hash) noexcept;

/// Reads what follows `{ldap}`: LDAP's `{SSHA}` or `{SHA}`.
[[nodiscard]] std::optional<StoredHash> parse_spring_ldap(std::string_view hash);

/// True for `$e0801$salt$digest` without an id in front.
[[nodiscard]] bool is_bare_spring_scrypt(std::string_view hash) noexcept;
/// True for the digits of 8 bytes of salt and 32 of digest.
[[nodiscard]] bool is_bare_spring_40(std::string_view hash) noexcept;
/// True for the digits of 16 bytes of salt and 32 of digest.
[[nodiscard]] bool is_bare_spring_48(std::string_view hash) noexcept;

}  // namespace gatehouse::password
