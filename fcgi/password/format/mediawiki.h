/// MediaWiki's hashes, `:type:…` (includes/password/).
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `:A:hex`, MD5 of the password.
[[nodiscard]] std::optional<StoredHash> parse_mediawiki_a(std::string_view hash);
/// Reads `:B:salt:hex`, MD5 of the salt, a dash and the MD5 of the password in hexadecimal.
[[nodiscard]] std::optional<StoredHash> parse_mediawiki_b(std::string_view hash);
/// Reads `:pbkdf2:digest:rounds:length:salt:digest`, both in base64.
[[nodiscard]] std::optional<StoredHash> parse_mediawiki_pbkdf2(std::string_view hash);
/// Reads `:bcrypt:cost$salt$digest`.
[[nodiscard]] std::optional<StoredHash> parse_mediawiki_bcrypt(std::string_view hash);
/// Reads `:pbkdf2-legacyA:` and `:pbkdf2-legacyB:`: PBKDF2 of the digits of `:A:` or `:B:`.
[[nodiscard]] std::optional<StoredHash> parse_mediawiki_layered(std::string_view hash);

/// Writes `:pbkdf2:` with SHA-512 and 64 bytes, as MediaWiki does.
[[nodiscard]] std::optional<NewHash> new_mediawiki_pbkdf2(std::string_view old,
                                                          const Strength& strength);
[[nodiscard]] std::optional<NewHash> new_mediawiki_bcrypt(std::string_view old,
                                                          const Strength& strength);

}  // namespace gatehouse::password
