#include "cli/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdint>
#include <cwchar>
#include <memory>
#include <type_traits>

#include "base/encoding.h"

namespace gatehouse::cli {
namespace {

struct FreeLocale {
  void operator()(locale_t locale) const noexcept { ::freelocale(locale); }
};

/// Makes this thread read text as UTF-8 until it is destroyed, whatever LANG says: names come in
/// UTF-8, and glibc knows the width of characters for that locale alone.
class Utf8 {
 public:
  Utf8() : before_(locale() ? ::uselocale(locale()) : locale_t{}) {}
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;
  Utf8(Utf8&&) = delete;
  Utf8& operator=(Utf8&&) = delete;
  ~Utf8() {
    if (before_ != locale_t{}) ::uselocale(before_);
  }

 private:
  static locale_t locale() {
    static const std::unique_ptr<std::remove_pointer_t<locale_t>, FreeLocale> utf8(
        ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{}));
    return utf8.get();
  }
  const locale_t before_;
};

struct Character {
  std::size_t bytes;
  std::size_t columns;
  wchar_t code;  ///< 0 for a byte that is no character
};

/// The first character of `text`, which is not empty. A Utf8 must be there.
Character first_of(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte >= 0x20 && byte < 0x7f) return {1, 1, static_cast<wchar_t>(byte)};
  std::mbstate_t state{};
  wchar_t code = 0;
  const std::size_t bytes = std::mbrtowc(&code, text.data(), text.size(), &state);
  if (bytes == 0 || bytes > text.size()) return {1, 1, 0};
  const int columns = ::wcwidth(code);
  if (columns < 0) return {bytes, 1, 0};
  return {bytes, static_cast<std::size_t>(columns), code};
}

/// Whether the character is not seen, or turns the text around it. The joiners U+200C and U+200D
/// are parts of Persian words and of emoji.
bool is_hidden(wchar_t code) {
  struct Range {
    wchar_t first;
    wchar_t last;
  };
  constexpr auto kHidden = std::to_array<Range>({{0xad, 0xad},
                                                 {0x61c, 0x61c},
                                                 {0x200b, 0x200b},
                                                 {0x200e, 0x200f},
                                                 {0x2028, 0x202e},
                                                 {0x2060, 0x206f},
                                                 {0xfeff, 0xfeff},
                                                 {0xfff9, 0xfffb},
                                                 {0xe0000, 0xe007f}});
  return std::any_of(kHidden.begin(), kHidden.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

}  // namespace

std::size_t width_of(std::string_view text) {
  const Utf8 utf8;
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character character = first_of(text);
    columns += character.columns;
    text.remove_prefix(character.bytes);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  const Utf8 utf8;
  std::size_t used = 0;
  std::size_t kept = 0;  // bytes that leave a column for the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const Character character = first_of(text.substr(at));
    used += character.columns;
    if (used > columns) return std::string(text.substr(0, kept)) + "…";
    at += character.bytes;
    if (used < columns) kept = at;
  }
  return std::string(text);
}

std::string printable(std::string_view text) {
  const Utf8 utf8;
  const auto is_blank = [](char c) { return c == ' '; };
  bool plain = !text.empty() && !is_blank(text.front()) && !is_blank(text.back());
  std::string shown;
  while (!text.empty()) {
    const Character character = first_of(text);
    const std::string_view bytes = text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
    const bool clear =
        character.code != 0 && !is_hidden(character.code) && bytes != "\"" && bytes != "\\";
    plain = plain && clear;
    if (clear) {
      shown += bytes;
      continue;
    }
    for (const char c : bytes) shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return plain ? shown : "\"" + shown + "\"";
}

std::string shown_text(std::string_view text) {
  const bool readable = is_utf8(text);
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
    // The second byte of a control character of Unicode's block C1 would otherwise pass.
    const bool is_c1 = byte >= 0x80 && byte < 0xa0 && clean.ends_with('\xc2');
    if (is_c1) clean.pop_back();
    if (is_control || is_c1 || (byte >= 0x80 && !readable)) {
      clean += fmt::format("\\x{:02x}", byte);
    } else {
      clean += c;
    }
  }
  return clean;
}

std::string short_age(std::chrono::microseconds age) {
  using namespace std::chrono;
  const auto seconds = std::max(duration_cast<std::chrono::seconds>(age), 0s).count();
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (seconds < kMinute) return fmt::format("{} s ago", seconds);
  if (seconds < kHour) return fmt::format("{} min ago", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("{} h ago", seconds / kHour);
  return fmt::format("{} d ago", seconds / kDay);
}

std::string duration_text(std::chrono::seconds time) {
  const auto seconds = std::max<std::int64_t>(time.count(), 0);
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  if (seconds < kMinute) return fmt::format("{} s", seconds);
  if (seconds < kHour) return fmt::format("{} min {} s", seconds / kMinute, seconds % kMinute);
  return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
}

}  // namespace gatehouse::cli
