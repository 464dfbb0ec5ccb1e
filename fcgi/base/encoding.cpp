#include "base/encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gatehouse {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::uint8_t kNoDigit = 0x80;  // a bit that no value has

/// Gives for each byte its value as a digit.
constexpr std::array<std::uint8_t, 256> digit_values(std::string_view digits) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values.at(static_cast<unsigned char>(digits[i])) = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto kBase64UrlValues = digit_values(kBase64Url);
constexpr auto kHexValues = digit_values(kHex);

/// Packs digits of `kBits` bits each into bytes; nothing if one is no digit or the unused bits of
/// the last byte are not zero.
template <unsigned kBits>
std::optional<std::string> unpack(std::string_view text,
                                  const std::array<std::uint8_t, 256>& values) {
  std::string bytes(text.size() * kBits / 8, '\0');
  auto next = bytes.begin();
  std::uint32_t pending = 0;  // its lowest `pending_bits` bits
  unsigned pending_bits = 0;
  std::uint32_t all = 0;  // the bits of all values
  for (const char c : text) {
    const std::uint32_t value = values[static_cast<unsigned char>(c)];
    all |= value;
    pending = (pending << kBits) | value;
    pending_bits += kBits;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      *next++ = static_cast<char>((pending >> pending_bits) & 0xffU);
    }
  }
  const std::uint32_t unused = pending & ((1U << pending_bits) - 1);
  if ((all & kNoDigit) != 0 || pending_bits >= kBits || unused != 0) return std::nullopt;
  return bytes;
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_sequence(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xc2   ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0U) != 0x80) return 0;
  }
  const unsigned char second = at(1);
  const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                   (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return bad ? 0 : length;
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8U) | static_cast<unsigned char>(c);
    pending_bits += 8;
    while (pending_bits >= 6) {
      pending_bits -= 6;
      text += kBase64Url[(pending >> pending_bits) & 0x3fU];
    }
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits > 0) text += kBase64Url[(pending << (6 - pending_bits)) & 0x3fU];
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return unpack<6>(text, kBase64UrlValues);
}

std::string hex_encode(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4U];
    text += kHex[byte & 0xfU];
  }
  return text;
}

std::string upper_hex_encode(std::string_view bytes) {
  std::string text = hex_encode(bytes);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::optional<std::string> hex_decode(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return unpack<4>(lowered, kHexValues);
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace gatehouse
