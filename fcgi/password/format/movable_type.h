/// Movable Type's forms. The first looks like that of crypt(3), and is a single digest.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// True for `$6$salt$` and the base64 of 64 bytes. Its last letter is never one that crypt(3)
/// writes there.
[[nodiscard]] bool is_movable_type(std::string_view hash) noexcept;
/// Reads `$6$salt$base64`, SHA-512 of salt and password.
[[nodiscard]] std::optional<StoredHash> parse_movable_type(std::string_view hash);
/// True for `{SHA}` with a `$` in it.
[[nodiscard]] bool is_movable_type_sha(std::string_view hash) noexcept;
/// Reads `{SHA}salt$hex`, SHA-1 of salt and password.
[[nodiscard]] std::optional<StoredHash> parse_movable_type_sha(std::string_view hash);

}  // namespace gatehouse::password
