/// The alphabet of crypt(3), in which salts, digests and parameters of many schemes are written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// The 64 letters in the order of their values: `.` stands for 0, `z` for 63.
inline constexpr std::string_view kCryptLetters =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// True if `text` holds nothing but letters of crypt(3); true for an empty text.
[[nodiscard]] bool is_crypt_text(std::string_view text) noexcept;
/// The letter's value, 0 to 63; nothing if crypt(3) has no such letter.
[[nodiscard]] std::optional<unsigned> crypt_value(char letter) noexcept;
/// A random salt of `count` letters, six bits each.
[[nodiscard]] std::string random_letters(std::size_t count);

}  // namespace gatehouse::password
