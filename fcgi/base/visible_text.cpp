#include "base/visible_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/encoding.h"

namespace gatehouse {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

/// Whether nobody can see that the character is there, or it changes how those around it are shown.
bool is_hidden(std::uint32_t code) {
  constexpr auto kHidden =
      std::to_array<Range>({{0x7f, 0xa0},      // controls, no-break space
                            {0xad, 0xad},      // soft hyphen
                            {0x34f, 0x34f},    // grapheme joiner
                            {0x61c, 0x61c},    // turns the text around
                            {0x115f, 0x1160},  // fillers of Hangul
                            {0x1680, 0x1680},   {0x17b4, 0x17b5}, {0x180b, 0x180f},
                            {0x2000, 0x200f},  // blanks, zero width, direction
                            {0x2028, 0x202f},  // line ends, direction
                            {0x205f, 0x206f},   {0x2800, 0x2800}, {0x3000, 0x3000},
                            {0x3164, 0x3164},   {0xe000, 0xf8ff},  // private use
                            {0xfe00, 0xfe0f},                      // variation selectors
                            {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xffff},
                            {0xe0000, 0x10ffff}});
  return std::any_of(kHidden.begin(), kHidden.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

/// The bytes of the first character of `text`, which is not empty; 0 if they are not UTF-8.
std::size_t size_of_first(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t size = 1; size <= std::min(kLongest, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

/// The number of a character, whose bytes are UTF-8.
std::uint32_t code_of(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  std::uint32_t code = byte(0) & (0x7fU >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6U | (byte(i) & 0x3fU);
  return code;
}

bool is_plain(std::string_view character) {
  const std::uint32_t code = code_of(character);
  return code >= 0x20 && code != '"' && code != '\\' && !is_hidden(code);
}

}  // namespace

std::string visible_text(std::string_view text, std::size_t most) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = size_of_first(text.substr(at));
    const std::string_view character = text.substr(at, std::max<std::size_t>(size, 1));
    at += character.size();
    if (at > most) break;
    if (size > 0 && is_plain(character)) {
      shown += character;
      continue;
    }
    for (const char c : character) shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return shown;
}

}  // namespace gatehouse
