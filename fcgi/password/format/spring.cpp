#include "password/format/spring.h"

#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/format/ldap.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSpringDigestBytes = 32;

/// Reads the salt and the digest after it, in hexadecimal.
std::optional<StoredHash> parse_joined(std::string_view hash, std::size_t salt_bytes,
                                       KdfPointer kdf) {
  const auto bytes = hex_decode(hash);
  if (!bytes || bytes->size() != salt_bytes + kSpringDigestBytes) return std::nullopt;
  return StoredHash{std::move(kdf), bytes->substr(0, salt_bytes), bytes->substr(salt_bytes)};
}

/// Reads a hexadecimal number of up to six digits.
std::optional<std::uint32_t> parse_hex_number(std::string_view text) {
  constexpr std::size_t kMostDigits = 6;
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  const auto bytes = hex_decode(std::string(text.size() % 2, '0') + std::string(text));
  if (!bytes) return std::nullopt;
  std::uint32_t value = 0;
  for (const char byte : *bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
  return value;
}

KdfPointer scrypt_of(std::uint32_t parameters) {
  constexpr std::uint32_t kByte = 0xff;
  const std::uint32_t n_log2 = parameters >> 16U;
  if (n_log2 > 63) return nullptr;
  return make_scrypt({std::uint64_t{1} << n_log2, (parameters >> 8U) & kByte, parameters & kByte});
}

}  // namespace

std::optional<StoredHash> parse_spring_pbkdf2(std::string_view hash) {
  constexpr std::uint64_t kRounds = 185'000;
  return parse_joined(hash, 8, make_pbkdf2(Digest::sha1, kRounds, kSpringDigestBytes));
}

std::optional<StoredHash> parse_spring_pbkdf2_v5_8(std::string_view hash) {
  constexpr std::uint64_t kRounds = 310'000;
  return parse_joined(hash, 16, make_pbkdf2(Digest::sha256, kRounds, kSpringDigestBytes));
}

std::optional<StoredHash> parse_spring_scrypt(std::string_view hash) {
  const auto fields = split<4>(hash, '$');
  if (!fields || !fields->at(0).empty()) return std::nullopt;
  const auto parameters = parse_hex_number(fields->at(1));
  auto salt = base64_decode(fields->at(2));
  auto digest = base64_decode(fields->at(3));
  if (!parameters || !salt || !digest || digest->size() != kSpringDigestBytes) return std::nullopt;
  auto kdf = scrypt_of(*parameters);
  if (!kdf) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

std::optional<StoredHash> parse_spring_digest(std::string_view hash) {
  Digest digest = Digest::md5;
  if (hash.starts_with("{SHA-1}")) {
    digest = Digest::sha1;
  } else if (hash.starts_with("{SHA-256}")) {
    digest = Digest::sha256;
  } else if (!hash.starts_with("{MD5}")) {
    return std::nullopt;
  }
  const std::string_view rest = hash.substr(hash.find('}') + 1);
  const auto salt_end = rest.starts_with('{') ? rest.find('}') : std::string_view::npos;
  const std::size_t salt_size = salt_end == std::string_view::npos ? 0 : salt_end + 1;
  auto bytes = hex_decode(rest.substr(salt_size));
  if (!bytes || bytes->size() != digest_size(digest)) return std::nullopt;
  return StoredHash{make_simple(digest, Arrangement::password_then_salt),
                    std::string(rest.substr(0, salt_size)), *std::move(bytes)};
}

bool is_spring_sha256(std::string_view hash) noexcept {
  // A digest of Dovecot's {SHA256} has 64 digits, or fewer letters of base64.
  constexpr std::string_view kId = "{sha256}";
  constexpr std::size_t kDigits = 80;
  return hash.size() == kId.size() + kDigits;
}

std::optional<StoredHash> parse_spring_ldap(std::string_view hash) {
  auto stored = parse_ldap_salted(hash);
  return stored ? std::move(stored) : parse_ldap_digest(hash);
}

bool is_bare_spring_scrypt(std::string_view hash) noexcept {
  const auto fields = split<4>(hash, '$');
  return fields && fields->at(0).empty() && fields->at(1).size() >= 5 &&
         fields->at(1).size() <= 6 && is_hex(fields->at(1));
}

bool is_bare_spring_40(std::string_view hash) noexcept {
  return hash.size() == 80 && is_hex(hash);
}

bool is_bare_spring_48(std::string_view hash) noexcept {
  return hash.size() == 96 && is_hex(hash);
}

std::optional<StoredHash> parse_spring_sha256(std::string_view hash) {
  return parse_joined(hash, 8, make_repeated(Digest::sha256, 1024));
}

}  // namespace gatehouse::password
