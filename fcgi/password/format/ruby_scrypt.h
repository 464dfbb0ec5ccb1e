/// The form of Ruby's gem scrypt: `400$8$36$salt$digest`, all in hexadecimal.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// True for five texts of hexadecimal digits between `$`, the last of 64.
[[nodiscard]] bool is_ruby_scrypt(std::string_view hash) noexcept;
/// Reads N, r, p, the salt and the digest. NUL bytes at the front of the salt do not count, as in
/// the gem.
[[nodiscard]] std::optional<StoredHash> parse_ruby_scrypt(std::string_view hash);

}  // namespace gatehouse::password
