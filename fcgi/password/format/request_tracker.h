/// Request Tracker (RT::User): `!bcrypt!`, `!sha512!`, and what its older versions wrote.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `!bcrypt!cost!salt` and the digest: bcrypt of the 64 bytes of the password's SHA-512, NUL
/// bytes among them.
[[nodiscard]] std::optional<StoredHash> parse_rt_bcrypt(std::string_view hash);
/// Reads `!sha512!salt!base64`, SHA-512 of the salt and the password.
[[nodiscard]] std::optional<StoredHash> parse_rt_sha512(std::string_view hash);
/// True for 40 letters of base64 that are not all hexadecimal digits.
[[nodiscard]] bool is_rt_truncated(std::string_view hash) noexcept;
/// Reads base64 of four bytes of salt and 26 of the SHA-256 of the salt and the password's MD5.
[[nodiscard]] std::optional<StoredHash> parse_rt_truncated(std::string_view hash);
/// True for 22 letters of base64.
[[nodiscard]] bool is_rt_md5(std::string_view hash) noexcept;
/// Reads the base64 of the password's MD5.
[[nodiscard]] std::optional<StoredHash> parse_rt_md5(std::string_view hash);

[[nodiscard]] std::optional<NewHash> new_rt_bcrypt(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
