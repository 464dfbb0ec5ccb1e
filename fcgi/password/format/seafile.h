/// Seafile's form: `PBKDF2SHA256$10000$hex salt$hex digest`.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads it; the salt is the 32 bytes that the digits stand for.
[[nodiscard]] std::optional<StoredHash> parse_seafile(std::string_view hash);
[[nodiscard]] std::optional<NewHash> new_seafile(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
