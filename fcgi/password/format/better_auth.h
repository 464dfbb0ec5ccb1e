/// Better Auth: `salt:digest` in hexadecimal, scrypt with N = 16384, r = 16, p = 1.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// True for 32 hexadecimal digits, a colon and 128 digits.
[[nodiscard]] bool is_better_auth(std::string_view hash) noexcept;
/// The password is brought into Unicode's form KC. The salt is the 32 digits as text, not the bytes
/// that they stand for.
[[nodiscard]] std::optional<StoredHash> parse_better_auth(std::string_view hash);
/// The parameters are those of the application, since the form does not tell them.
[[nodiscard]] std::optional<NewHash> new_better_auth(std::string_view old,
                                                     const Strength& strength);

}  // namespace gatehouse::password
