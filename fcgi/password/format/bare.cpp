#include "password/format/bare.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kMd5Digits = 32;
constexpr std::size_t kSha1Digits = 40;

bool is_hex(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::optional<StoredHash> assemble(KdfPointer kdf, std::string_view salt, std::string_view hex) {
  auto digest = hex_decode(hex);
  if (!digest || digest->empty()) return std::nullopt;
  return StoredHash{std::move(kdf), std::string(salt), *std::move(digest)};
}

}  // namespace

bool is_raw_md5(std::string_view hash) noexcept {
  return hash.size() == kMd5Digits && is_hex(hash);
}

std::optional<StoredHash> parse_raw_md5(std::string_view hash) {
  if (!is_raw_md5(hash)) return std::nullopt;
  return assemble(make_simple(Digest::md5, Arrangement::password), "", hash);
}

bool is_joomla_md5(std::string_view hash) noexcept {
  return hash.size() > kMd5Digits + 1 && hash[kMd5Digits] == ':' &&
         is_hex(hash.substr(0, kMd5Digits));
}

std::optional<StoredHash> parse_joomla_md5(std::string_view hash) {
  if (!is_joomla_md5(hash)) return std::nullopt;
  return assemble(make_simple(Digest::md5, Arrangement::password_then_salt),
                  hash.substr(kMd5Digits + 1), hash.substr(0, kMd5Digits));
}

bool is_mysql41(std::string_view hash) noexcept {
  return hash.size() == kSha1Digits + 1 && hash.front() == '*' && is_hex(hash.substr(1));
}

std::optional<StoredHash> parse_mysql41(std::string_view hash) {
  if (!is_mysql41(hash)) return std::nullopt;
  return assemble(make_simple(Digest::sha1, Arrangement::twice), "", hash.substr(1));
}

}  // namespace gatehouse::password
