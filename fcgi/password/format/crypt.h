/// The hashes of crypt(3), by libxcrypt: bcrypt, SHA-crypt, yescrypt, scrypt, MD5-crypt, DES.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `$2a$`, `$2b$`, `$2y$`. Bytes of the password after the 72nd do not count, as in PHP.
[[nodiscard]] std::optional<StoredHash> parse_bcrypt(std::string_view hash);
/// `$5$` and `$6$`, with or without `rounds=`; 1,000 to 999,999,999 rounds.
[[nodiscard]] std::optional<StoredHash> parse_sha256_crypt(std::string_view hash);
[[nodiscard]] std::optional<StoredHash> parse_sha512_crypt(std::string_view hash);
/// `$y$`.
[[nodiscard]] std::optional<StoredHash> parse_yescrypt(std::string_view hash);
/// `$7$`: scrypt in crypt(3)'s form.
[[nodiscard]] std::optional<StoredHash> parse_scrypt_crypt(std::string_view hash);
/// `$1$`.
[[nodiscard]] std::optional<StoredHash> parse_md5_crypt(std::string_view hash);
/// Traditional DES: two letters of salt, eleven of digest. It reads eight bytes of the password.
[[nodiscard]] std::optional<StoredHash> parse_des_crypt(std::string_view hash);

[[nodiscard]] bool recognises_bcrypt(std::string_view hash) noexcept;
/// Thirteen letters of crypt(3).
[[nodiscard]] bool recognises_des_crypt(std::string_view hash) noexcept;

}  // namespace gatehouse::password
