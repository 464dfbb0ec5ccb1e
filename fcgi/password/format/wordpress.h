/// WordPress since 6.8: bcrypt over a prehash, so that long passwords count whole
/// (wp-includes/pluggable.php, wp_check_password).
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `$wp$2y$…`: bcrypt of base64(HMAC-SHA384("wp-sha384", password)).
[[nodiscard]] std::optional<StoredHash> parse_wordpress(std::string_view hash);

}  // namespace gatehouse::password
