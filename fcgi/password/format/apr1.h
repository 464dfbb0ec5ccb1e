/// Apache's MD5-crypt (apr_md5.c): the `$1$` of crypt(3) with another magic word, which libxcrypt
/// does not read.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// Reads `$apr1$salt$digest`.
[[nodiscard]] std::optional<StoredHash> parse_apr1(std::string_view hash);

}  // namespace gatehouse::password
