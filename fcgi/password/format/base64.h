/// The base64 forms that stored hashes are written in. Decoders are total and take the canonical
/// form only (right padding, unused bits zero), so that a cut hash never reads as a whole one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// RFC 4648 §4, padded.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// RFC 4648 §4 without padding: Argon2's.
[[nodiscard]] std::string base64_encode_unpadded(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode_unpadded(std::string_view text);

/// passlib's: `.` for `+`, no padding.
[[nodiscard]] std::string adapted_base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> adapted_base64_decode(std::string_view text);

/// The 64 letters of crypt(3), in the order of their values.
inline constexpr std::string_view kCryptLetters =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Whether all of it is letters of crypt(3).
[[nodiscard]] bool is_crypt_text(std::string_view text) noexcept;
/// 0 to 63; nothing if it is no letter of crypt(3).
[[nodiscard]] std::optional<unsigned> crypt_value(char letter) noexcept;
/// phpass's: groups of three bytes, low bits first; the last group is cut short.
[[nodiscard]] std::string phpass_encode(std::string_view bytes);
/// Random letters of crypt(3): a salt of six bits a letter.
[[nodiscard]] std::string random_letters(std::size_t count);

}  // namespace gatehouse::password
