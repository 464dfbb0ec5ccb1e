/// The base64 forms that stored hashes are written in. Decoders are total. They accept the
/// canonical form only (right padding, unused bits zero); otherwise a cut hash could be read as a
/// whole one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// The form of RFC 4648 §4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

/// The form of RFC 4648 §4 without padding, which Argon2 writes.
[[nodiscard]] std::string base64_encode_unpadded(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode_unpadded(std::string_view text);

/// passlib's form: it writes `.` for `+`, and no padding.
[[nodiscard]] std::string adapted_base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> adapted_base64_decode(std::string_view text);

}  // namespace gatehouse::password
