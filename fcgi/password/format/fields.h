/// Taking a stored hash apart. All functions are total.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// The text between separators; nothing unless there are exactly Count fields.
template <std::size_t Count>
[[nodiscard]] std::optional<std::array<std::string_view, Count>> split(std::string_view text,
                                                                       char separator) noexcept {
  std::array<std::string_view, Count> fields;
  for (std::size_t i = 0; i + 1 < Count; ++i) {
    const auto end = text.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    fields.at(i) = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (text.find(separator) != std::string_view::npos) return std::nullopt;
  fields.back() = text;
  return fields;
}

/// A decimal number of 1 to 32 digits and nothing else. One that no machine could count to gives
/// the largest value: such a hash is too costly, not malformed.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text) noexcept;

/// Locale-free.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// Text as a template argument: a prefix in a row of the table.
template <std::size_t Size>
struct Prefix {
  // NOLINTNEXTLINE(google-explicit-constructor,modernize-avoid-c-arrays): a literal stands for it
  constexpr Prefix(const char (&literal)[Size]) { std::copy_n(literal, Size, text.begin()); }
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), Size - 1}; }
  std::array<char, Size> text{};
};
template <Prefix prefix>
[[nodiscard]] bool prefixed(std::string_view hash) noexcept {
  return hash.starts_with(prefix.view());
}

}  // namespace gatehouse::password
