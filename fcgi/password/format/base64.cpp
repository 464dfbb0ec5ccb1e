#include "password/format/base64.h"

#include <algorithm>
#include <cstdint>

#include "base/crypto.h"
#include "base/encoding.h"

namespace gatehouse::password {
namespace {

/// All forms differ from RFC 4648 §5 in two letters and the padding alone.
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

std::optional<unsigned> crypt_value(char letter) noexcept {
  const auto at = kCryptLetters.find(letter);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

bool is_crypt_text(std::string_view text) noexcept {
  return text.find_first_not_of(kCryptLetters) == std::string_view::npos;
}

std::string phpass_encode(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      bits |= std::uint32_t{static_cast<unsigned char>(group[i])} << (8 * i);
    }
    for (std::size_t i = 0; i <= group.size(); ++i) text += kCryptLetters[(bits >> (6 * i)) & 63U];
  }
  return text;
}

std::string random_letters(std::size_t count) {
  std::string letters = random_bytes(count);
  for (char& letter : letters) letter = kCryptLetters[static_cast<unsigned char>(letter) % 64];
  return letters;
}

}  // namespace gatehouse::password
