/// Takes a stored hash apart into texts and numbers. All functions are total.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// The texts between separators; nothing unless there are exactly Count of them.
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

/// Reads a decimal number of 1 to 32 digits and nothing else. A number over 2^64 - 1 gives that:
/// the hash is then refused as too costly, not as malformed.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text) noexcept;

/// True if `text` holds nothing but hexadecimal digits, of either case; true for an empty text.
[[nodiscard]] bool is_hex(std::string_view text) noexcept;

/// The number in the four bytes at that place, the highest first; of fewer bytes where it ends.
[[nodiscard]] std::uint32_t big_endian_at(std::string_view bytes, std::size_t at) noexcept;

/// Lowers the letters A to Z, whatever the locale.
[[nodiscard]] std::string ascii_lower(std::string_view text);

}  // namespace gatehouse::password
