/// WoltLab Suite: `Algorithm:…`, and bcrypt over bcrypt with one salt.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `Pbkdf2:hex:salt:digest:rounds:length`. The salt is text.
[[nodiscard]] std::optional<StoredHash> parse_woltlab_pbkdf2(std::string_view hash);
/// Reads a bcrypt hash whose password is the whole bcrypt hash of the user's password, made with
/// the same salt.
[[nodiscard]] std::optional<StoredHash> parse_double_bcrypt(std::string_view hash);

[[nodiscard]] std::optional<NewHash> new_woltlab_pbkdf2(std::string_view old,
                                                        const Strength& strength);

}  // namespace gatehouse::password
