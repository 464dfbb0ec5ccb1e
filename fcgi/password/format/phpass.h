/// The portable hashes of phpass, and Drupal 7's over SHA-512 (includes/password.inc).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// Reads `$P$` (WordPress, phpass) and `$H$` (phpBB 3): 2^n rounds of MD5.
[[nodiscard]] std::optional<StoredHash> parse_phpass(std::string_view hash);
/// Reads `$S$`: 2^n rounds of SHA-512, of which the hash holds as many letters as make it 55 long.
[[nodiscard]] std::optional<StoredHash> parse_drupal(std::string_view hash);
/// Reads what follows the `U` of `U$S$`, `U$P$` and `U$H$`: one of the above over the MD5 of the
/// password in hexadecimal, as Drupal's update from version 6 wrote it.
[[nodiscard]] std::optional<StoredHash> parse_drupal_upgraded(std::string_view hash);

}  // namespace gatehouse::password
