/// What readers of columns share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "password/scheme_input.h"

namespace gatehouse::password {

/// The `size` bytes of a digest that a column holds as hexadecimal of either case, as base64 with
/// its padding (without it, a cut text would be read as a whole one), or as bytes; nothing for
/// another length.
[[nodiscard]] std::optional<std::string> column_bytes(std::string_view text, std::size_t size);

/// The row's salt, or `usual` where nothing but the hash is known. Nothing if the row has none.
[[nodiscard]] std::optional<std::string_view> salt_of(const SchemeInput& input,
                                                      std::string_view usual) noexcept;

}  // namespace gatehouse::password
