/// ASP.NET Identity (PasswordHasher.cs): base64 of a version byte, the parameters, salt and digest.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// True for base64 of 49 bytes that begin with 0.
[[nodiscard]] bool is_aspnet_v2(std::string_view hash) noexcept;
/// Reads `00`, 16 bytes of salt and 32 of PBKDF2-SHA1 with 1,000 rounds.
[[nodiscard]] std::optional<StoredHash> parse_aspnet_v2(std::string_view hash);
/// True for base64 of bytes that begin with 1, and a header after it.
[[nodiscard]] bool is_aspnet_v3(std::string_view hash) noexcept;
/// Reads `01`, the digest (0 SHA-1, 1 SHA-256, 2 SHA-512), rounds and length of the salt (32 bits
/// each, big-endian), the salt, and 32 bytes of PBKDF2.
[[nodiscard]] std::optional<StoredHash> parse_aspnet_v3(std::string_view hash);
/// Writes version 3 with SHA-512.
[[nodiscard]] std::optional<NewHash> new_aspnet_v3(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
