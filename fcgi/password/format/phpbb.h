/// phpBB's combined hashes: bcrypt of a phpass hash, which its cron job makes of old rows.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// Reads `$H\2y$<9 letters>$<cost>\<22 letters>$<31 letters>`: bcrypt of the 22 letters that phpass
/// writes after its setting. `$H\2a$` likewise.
[[nodiscard]] std::optional<StoredHash> parse_phpbb_combined(std::string_view hash);
/// The same where phpass hashed the MD5 of the password in hexadecimal: boards that were phpBB 2.
[[nodiscard]] std::optional<StoredHash> parse_phpbb2_combined(std::string_view hash);

}  // namespace gatehouse::password
