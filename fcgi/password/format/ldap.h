/// The `{NAME}` hashes of LDAP (RFC 2307) and Dovecot (password-scheme.c), which write NAME in any
/// case. After the NAME `.HEX`, `.B64` or `.BASE64` may say how the rest is encoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `{SHA}`, `{SHA1}`, `{SHA256}`, `{SHA512}`, `{LDAP-MD5}`, `{PLAIN-MD5}`, `{MD5}` and
/// `{PLAIN-MD4}`. Without an encoding the digest is hexadecimal if it has that many digits,
/// otherwise base64.
[[nodiscard]] std::optional<StoredHash> parse_ldap_digest(std::string_view hash);
/// Reads `{SSHA}`, `{SSHA256}`, `{SSHA512}` and `{SMD5}`: digest(password salt), then the salt.
[[nodiscard]] std::optional<StoredHash> parse_ldap_salted(std::string_view hash);
/// Reads Dovecot's `{MD5}`, which is MD5-crypt, and the bare digest that LDAP writes by this name.
[[nodiscard]] std::optional<StoredHash> parse_dovecot_md5(std::string_view hash);
/// Reads Dovecot's `{PBKDF2}$1$salt$rounds$hex`, over SHA-1.
[[nodiscard]] std::optional<StoredHash> parse_dovecot_pbkdf2(std::string_view hash);
[[nodiscard]] std::optional<NewHash> new_dovecot_pbkdf2(std::string_view old,
                                                        const Strength& strength);

/// True if `hash` begins with `{NAME}` or `{NAME.`, in any case.
[[nodiscard]] bool has_braces(std::string_view hash, std::string_view name) noexcept;

/// Takes the encoding off a text that is not a digest: `{SHA512-CRYPT.B64}JDYk…` becomes
/// `{SHA512-CRYPT}$6$…`. Nothing for any other hash, and for the digests of above.
struct DecodedBraces {
  std::string opening;  ///< `{SHA512-CRYPT.B64}`
  std::string hash;     ///< with the text decoded, and without the encoding in the braces
  bool hex;
};
[[nodiscard]] std::optional<DecodedBraces> decode_braces(std::string_view hash);

/// The conditions under which rows of the table read a hash whose NAME they share with others:
/// `{PBKDF2}` is Dovecot's if a dollar follows, and passlib's if a number does.
[[nodiscard]] bool is_dovecot_pbkdf2(std::string_view hash) noexcept;
/// `{ARGON2}` is OpenLDAP's; in lower case it is Spring's.
[[nodiscard]] bool is_ldap_argon2(std::string_view hash) noexcept;
/// `{CRYPT}` is as strong as the hash that follows it.
[[nodiscard]] bool is_crypt_of_a_strong_hash(std::string_view hash) noexcept;
/// OpenSSL has MD4 only where its legacy provider is installed.
[[nodiscard]] bool is_readable_md4(std::string_view hash) noexcept;

}  // namespace gatehouse::password
