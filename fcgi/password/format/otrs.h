/// The bcrypt of OTRS, Znuny and OTOBO: `BCRYPT:12:16 letters of salt:31 letters`.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads it; the letters of the salt are its bytes. The password counts with its NUL bytes.
[[nodiscard]] std::optional<StoredHash> parse_otrs_bcrypt(std::string_view hash);
[[nodiscard]] std::optional<NewHash> new_otrs_bcrypt(std::string_view old,
                                                     const Strength& strength);

}  // namespace gatehouse::password
