#include "password/format/ruby_scrypt.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "password/format/fields.h"
#include "password/kdf/scrypt.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kDigestDigits = 64;

/// A hexadecimal number of at most 64 bits; 0 for anything else.
std::uint64_t hex_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

bool is_ruby_scrypt(std::string_view hash) noexcept {
  const auto fields = split<5>(hash, '$');
  return fields && fields->at(4).size() == kDigestDigits &&
         std::all_of(fields->begin(), fields->end(),
                     [](std::string_view field) { return !field.empty() && is_hex(field); });
}

std::optional<StoredHash> parse_ruby_scrypt(std::string_view hash) {
  const auto fields = split<5>(hash, '$');
  if (!fields || !is_ruby_scrypt(hash)) return std::nullopt;
  std::string_view digits = fields->at(3);
  while (digits.starts_with("00")) digits.remove_prefix(2);
  auto kdf = make_scrypt(
      {hex_number(fields->at(0)), hex_number(fields->at(1)), hex_number(fields->at(2))});
  auto salt = hex_decode(digits);
  auto digest = hex_decode(fields->at(4));
  if (!kdf || !salt || !digest) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

}  // namespace gatehouse::password
