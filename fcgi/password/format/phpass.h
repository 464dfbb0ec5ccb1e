/// phpass's portable hashes, and Drupal 7's over SHA-512 (includes/password.inc).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `$P$` (WordPress, phpass) and `$H$` (phpBB 3): 2^n rounds of MD5.
[[nodiscard]] std::optional<StoredHash> parse_phpass(std::string_view hash);
/// `$S$`: 2^n rounds of SHA-512, cut to 55 letters.
[[nodiscard]] std::optional<StoredHash> parse_drupal(std::string_view hash);
/// `U$S$`, `U$P$`, `U$H$`: one of these over the MD5 of the password, in hexadecimal, as Drupal's
/// update from version 6 wrote it.
[[nodiscard]] std::optional<StoredHash> parse_drupal_upgraded(std::string_view hash);
[[nodiscard]] bool recognises_drupal_upgraded(std::string_view hash) noexcept;

}  // namespace gatehouse::password
