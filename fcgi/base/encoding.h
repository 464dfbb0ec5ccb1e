/// Text forms of bytes. All decoders are total: any input gives a value or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

/// RFC 4648 §5 without padding.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
/// Accepts the canonical form only: no padding, no other characters, unused bits zero.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

/// Lower case.
[[nodiscard]] std::string hex_encode(std::string_view bytes);
/// Upper case, as SQL's HEX() writes it.
[[nodiscard]] std::string upper_hex_encode(std::string_view bytes);
/// Either case; an even number of digits.
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Compares letters of ASCII alone, whatever the locale.
[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;
/// Gives the text without leading and trailing spaces and tabs.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace gatehouse
