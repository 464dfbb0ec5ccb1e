#include "password/format/bare.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "password/format/better_auth.h"
#include "password/format/fields.h"
#include "password/format/magento.h"
#include "password/kdf/digest.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kMd5Digits = 32;
constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kSha512Digits = 128;
constexpr std::size_t kGlpiSalt = 8;

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

namespace {

/// `digits` hexadecimal digits and a colon; what follows is of no other scheme's form.
bool is_hex_and_salt(std::string_view hash, std::size_t digits) noexcept {
  return hash.size() > digits && hash[digits] == ':' && is_hex(hash.substr(0, digits)) &&
         !is_better_auth(hash) && !is_weak_magento(hash) && !is_strong_magento(hash);
}

bool is_digits(std::string_view hash, std::size_t digits) noexcept {
  return hash.size() == digits && is_hex(hash);
}

std::optional<Digest> digest_of_digits(std::size_t digits) noexcept {
  for (const Digest digest : {Digest::md5, Digest::sha1, Digest::sha256, Digest::sha512}) {
    if (2 * digest_size(digest) == digits) return digest;
  }
  return std::nullopt;
}

}  // namespace

bool is_raw_sha1(std::string_view hash) noexcept {
  return is_digits(hash, kSha1Digits);
}
bool is_raw_sha256(std::string_view hash) noexcept {
  return is_digits(hash, kSha256Digits);
}
bool is_raw_sha512(std::string_view hash) noexcept {
  return is_digits(hash, kSha512Digits);
}

std::optional<StoredHash> parse_raw_sha(std::string_view hash) {
  const auto digest = digest_of_digits(hash.size());
  if (!digest || !is_hex(hash)) return std::nullopt;
  return assemble(make_simple(*digest, Arrangement::password), "", hash);
}

bool is_openmage_sha(std::string_view hash) noexcept {
  return is_hex_and_salt(hash, kSha1Digits) || is_hex_and_salt(hash, kSha256Digits) ||
         is_hex_and_salt(hash, kSha512Digits);
}

std::optional<StoredHash> parse_openmage(std::string_view hash) {
  const auto colon = hash.find(':');
  const auto digest = digest_of_digits(colon);
  if (!digest || !is_hex_and_salt(hash, colon)) return std::nullopt;
  return assemble(make_simple(*digest, Arrangement::salt_then_password), hash.substr(colon + 1),
                  hash.substr(0, colon));
}

bool is_glpi(std::string_view hash) noexcept {
  return is_digits(hash, kGlpiSalt + kSha1Digits);
}

std::optional<StoredHash> parse_glpi(std::string_view hash) {
  if (!is_glpi(hash)) return std::nullopt;
  return assemble(make_simple(Digest::sha1, Arrangement::salt_then_password),
                  hash.substr(0, kGlpiSalt), hash.substr(kGlpiSalt));
}

bool is_joomla_md5(std::string_view hash) noexcept {
  return is_hex_and_salt(hash, kMd5Digits);
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
