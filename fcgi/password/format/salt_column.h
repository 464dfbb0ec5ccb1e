/// Hashes whose salt stands in a column of its own, or whose parameters stand in the site's
/// settings: what user.scheme and the column `AS salt` are for. A row of which nothing but the hash
/// is known (Row::hash_only) is read with a salt of the usual form: the census counts it so.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"
#include "password/scheme_input.h"

namespace gatehouse::password {

/// True for 100 hexadecimal digits, the 50 bytes that Gitea and Grafana derive.
[[nodiscard]] bool is_fifty_bytes(std::string_view hash) noexcept;
/// Reads Grafana's PBKDF2-SHA-256 with 10,000 rounds; the salt is text.
[[nodiscard]] std::optional<StoredHash> parse_grafana(std::string_view hash,
                                                      const SchemeInput& input);
/// Reads what Gitea's passwd_hash_algo names, which is the argument: `pbkdf2$50000$50` (if it is
/// empty), `argon2$2$65536$8$50`, `scrypt$65536$16$2$50` or `bcrypt$10`. A salt of exactly ten
/// letters is text, any other is hexadecimal; with ten letters and no argument it is
/// `pbkdf2$10000$50`.
[[nodiscard]] std::optional<StoredHash> parse_gitea(std::string_view hash,
                                                    const SchemeInput& input);
/// Reads such a hash without an argument, with a salt that is not of ten letters, as
/// `pbkdf2$10000$50`: Gitea left the column empty for rows of that age.
[[nodiscard]] std::optional<StoredHash> parse_gitea_without_algorithm(std::string_view hash,
                                                                      const SchemeInput& input);
/// Reads PBKDF2 as the argument says: `sha512, 1000, 40`, and `salt-hex` or `salt-base64` where the
/// salt is not text. The digest may be hexadecimal, base64 or bytes.
[[nodiscard]] std::optional<StoredHash> parse_pbkdf2_column(std::string_view hash,
                                                            const SchemeInput& input);
/// Reads Symfony's MessageDigestPasswordHasher over `password{salt}`; the argument is `sha512,
/// 5000` if it is empty.
[[nodiscard]] std::optional<StoredHash> parse_symfony(std::string_view hash,
                                                      const SchemeInput& input);
/// True for an argument of `pbkdf2` or `symfony` that names MD5 or fewer than 1,000 rounds: such a
/// hash is as fast as a digest.
[[nodiscard]] bool has_weak_rounds(std::string_view argument);
/// True for 31 letters of crypt(3).
[[nodiscard]] bool is_processwire(std::string_view hash) noexcept;
/// Reads the 31 letters of a bcrypt hash whose `$2y$11$` and salt stand in the salt column.
[[nodiscard]] std::optional<StoredHash> parse_processwire(std::string_view hash,
                                                          const SchemeInput& input);
/// True for 86 letters of crypt(3).
[[nodiscard]] bool is_espocrm(std::string_view hash) noexcept;
/// Reads the 86 letters of a `$6$` hash, over the MD5 of the password in hexadecimal, whose salt is
/// the key (passwordSalt of EspoCRM's configuration), or stands in the salt column.
[[nodiscard]] std::optional<StoredHash> parse_espocrm(std::string_view hash,
                                                      const SchemeInput& input);
/// Reads the digest that the argument describes (shape/expression.h), in hexadecimal, base64 or
/// bytes.
[[nodiscard]] std::optional<StoredHash> parse_nested_digest(std::string_view hash,
                                                            const SchemeInput& input);

}  // namespace gatehouse::password
