/// The forms of crypt(3): bcrypt, SHA-crypt, yescrypt, scrypt, MD5-crypt and traditional DES.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `$2a$`, `$2b$` and `$2y$`. Bytes of the password after the 72nd do not count, as in PHP.
[[nodiscard]] std::optional<StoredHash> parse_bcrypt(std::string_view hash);
/// Reads `$5$`, with or without `rounds=`; 1,000 to 999,999,999 rounds.
[[nodiscard]] std::optional<StoredHash> parse_sha256_crypt(std::string_view hash);
/// Reads `$6$`, with or without `rounds=`; 1,000 to 999,999,999 rounds.
[[nodiscard]] std::optional<StoredHash> parse_sha512_crypt(std::string_view hash);
/// Reads `$y$`.
[[nodiscard]] std::optional<StoredHash> parse_yescrypt(std::string_view hash);
/// Reads `$7$`, which is scrypt in crypt(3)'s form.
[[nodiscard]] std::optional<StoredHash> parse_scrypt_crypt(std::string_view hash);
/// Reads `$1$`.
[[nodiscard]] std::optional<StoredHash> parse_md5_crypt(std::string_view hash);
/// Reads traditional DES: two letters of salt and eleven of digest.
[[nodiscard]] std::optional<StoredHash> parse_des_crypt(std::string_view hash);
/// True for thirteen letters of crypt(3).
[[nodiscard]] bool is_des_crypt(std::string_view hash) noexcept;

/// True if `hash` opens as one of the strong forms above: bcrypt, `$5$`, `$6$`, `$y$`, `$7$`.
[[nodiscard]] bool is_strong_crypt(std::string_view hash) noexcept;
/// Reads any of these.
[[nodiscard]] std::optional<StoredHash> parse_strong_crypt(std::string_view hash);
/// Reads `$1$` or traditional DES.
[[nodiscard]] std::optional<StoredHash> parse_weak_crypt(std::string_view hash);

/// Writes the variant that `old` has (`$2a$`, `$2b$` or `$2y$`), or `$2y$` if it has none.
[[nodiscard]] std::optional<NewHash> new_bcrypt(std::string_view old, const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_sha256_crypt(std::string_view old,
                                                      const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_sha512_crypt(std::string_view old,
                                                      const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_yescrypt(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
