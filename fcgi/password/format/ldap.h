/// `{SCHEME}` hashes of LDAP (RFC 2307) and Dovecot (password-scheme.c) that are plain digests.
/// After a scheme's name `.HEX`, `.B64` or `.BASE64` may name the encoding, as in Dovecot.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `{SHA}`, `{SHA1}`, `{SHA256}`, `{SHA512}`, `{LDAP-MD5}`, `{PLAIN-MD5}`, `{MD5}`, `{PLAIN-MD4}`:
/// hexadecimal if it has that many digits, else base64.
[[nodiscard]] std::optional<StoredHash> parse_ldap_digest(std::string_view hash);
/// `{SSHA}`, `{SSHA256}`, `{SSHA512}`, `{SMD5}`: digest(password salt), then the salt.
[[nodiscard]] std::optional<StoredHash> parse_ldap_salted(std::string_view hash);
/// `{PBKDF2}$1$salt$rounds$hex`: Dovecot's, over SHA-1.
[[nodiscard]] std::optional<StoredHash> parse_dovecot_pbkdf2(std::string_view hash);

/// What stands after `{NAME}`, whatever the case of NAME; nothing if it begins with another.
[[nodiscard]] std::optional<std::string_view> after_braces(std::string_view hash,
                                                           std::string_view name) noexcept;
/// The same, also where NAME carries an encoding.
[[nodiscard]] bool has_braces(std::string_view hash, std::string_view name) noexcept;

}  // namespace gatehouse::password
