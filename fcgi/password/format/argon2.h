/// Argon2's PHC form: `$argon2id$v=19$m=65536,t=3,p=4$salt$digest`.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads `$argon2i$`, `$argon2id$` and `$argon2d$`, with the parameters in any order. A hash
/// without `v=` is of version 1.0.
[[nodiscard]] std::optional<StoredHash> parse_argon2(std::string_view hash);
/// Writes Argon2i where `old` is an Argon2i hash, otherwise Argon2id, with the parameters in the
/// order of `old`.
[[nodiscard]] std::optional<NewHash> new_argon2(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
