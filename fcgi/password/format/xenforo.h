/// XenForo's column: a serialized array of PHP, or a JSON object, with the hash in it.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// True for `a:…{…s:4:"salt";…}`, which XenForo 1.0 and 1.1 wrote.
[[nodiscard]] bool is_salted_xenforo(std::string_view hash) noexcept;
/// Reads the bcrypt hash in `a:1:{s:4:"hash";s:60:"$2y$10$…";}`, or in `{"hash":"$2y$10$…"}`, whose
/// solidus may have a backslash.
[[nodiscard]] std::optional<StoredHash> parse_xenforo(std::string_view hash);
/// Writes it in the array or the object, as `old` has it.
[[nodiscard]] std::optional<NewHash> new_xenforo(std::string_view old, const Strength& strength);
/// Reads 1.0's array of hash, salt and hashFunc: sha256(sha256(password) + salt), or the same of
/// SHA-1.
[[nodiscard]] std::optional<StoredHash> parse_salted_xenforo(std::string_view hash);

}  // namespace gatehouse::password
