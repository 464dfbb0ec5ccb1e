/// Hashes of two Java applications: Atlassian's (Jira, Confluence, Crowd) and Liferay's.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// Reads what follows `{PKCS5S2}`: base64 of 16 bytes of salt and 32 of PBKDF2-HMAC-SHA-1 with
/// 10,000 rounds.
[[nodiscard]] std::optional<StoredHash> parse_atlassian(std::string_view hash);

/// True for base64 that begins with a number below 65,536, the bits of the key, and is as long as
/// that says.
[[nodiscard]] bool is_liferay(std::string_view hash) noexcept;
/// Reads Liferay's base64 of the key's bits and the rounds (32 bits each, big-endian), 8 bytes of
/// salt, and the key of PBKDF2-HMAC-SHA-1. `{PBKDF2WithHmacSHA1/160/128000}` may stand in front.
[[nodiscard]] std::optional<StoredHash> parse_liferay(std::string_view hash);

}  // namespace gatehouse::password
