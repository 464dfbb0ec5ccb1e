#include "password/format/fields.h"

#include <algorithm>

#include "password/kdf/cost.h"

namespace gatehouse::password {

std::optional<std::uint64_t> parse_count(std::string_view text) noexcept {
  constexpr std::size_t kMostDigits = 32;
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = saturating_add(saturating_multiply(value, 10), static_cast<std::uint64_t>(c - '0'));
  }
  return value;
}

bool is_hex(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::uint32_t big_endian_at(std::string_view bytes, std::size_t at) noexcept {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(std::min(at, bytes.size()), 4)) {
    value = (value << 8U) | static_cast<unsigned char>(byte);
  }
  return value;
}

std::string ascii_lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

}  // namespace gatehouse::password
