/// Apache's MD5-crypt, `$apr1$` (apr_md5.c): crypt(3)'s `$1$` with another magic word, which
/// libxcrypt does not read.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

[[nodiscard]] std::optional<StoredHash> parse_apr1(std::string_view hash);

}  // namespace gatehouse::password
