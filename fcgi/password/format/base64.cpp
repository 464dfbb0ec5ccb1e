#include "password/format/base64.h"

#include "base/encoding.h"

namespace gatehouse::password {
namespace {

/// Swaps the letters of `from` for those of `to`: all forms differ from RFC 4648 §5 in two letters
/// and the padding alone.
std::string with_letters(std::string text, std::string_view from, std::string_view to) {
  for (char& letter : text) {
    const auto at = from.find(letter);
    if (at != std::string_view::npos) letter = to[at];
  }
  return text;
}

constexpr std::string_view kUrl = "-_";
constexpr std::string_view kStandard = "+/";
constexpr std::string_view kAdapted = "./";

std::optional<std::string> decode(std::string_view text, std::string_view letters) {
  if (text.find_first_of(kUrl) != std::string_view::npos) return std::nullopt;
  return base64url_decode(with_letters(std::string(text), letters, kUrl));
}

}  // namespace

std::string base64_encode_unpadded(std::string_view bytes) {
  return with_letters(base64url_encode(bytes), kUrl, kStandard);
}

std::string base64_encode(std::string_view bytes) {
  std::string text = base64_encode_unpadded(bytes);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> base64_decode_unpadded(std::string_view text) {
  return decode(text, kStandard);
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return base64_decode_unpadded(text);
}

std::string adapted_base64_encode(std::string_view bytes) {
  return with_letters(base64url_encode(bytes), kUrl, kAdapted);
}

std::optional<std::string> adapted_base64_decode(std::string_view text) {
  return decode(text, kAdapted);
}

}  // namespace gatehouse::password
