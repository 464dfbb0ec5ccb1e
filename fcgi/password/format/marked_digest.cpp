#include "password/format/marked_digest.h"

#include <string>
#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/column_text.h"
#include "password/format/fields.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

std::optional<StoredHash> assemble(Digest digest, Arrangement arrangement, std::string_view salt,
                                   std::optional<std::string> bytes) {
  if (!bytes || bytes->size() != digest_size(digest)) return std::nullopt;
  return StoredHash{make_simple(digest, arrangement), std::string(salt), *std::move(bytes)};
}

/// The digest that Java names: "SHA-512".
std::optional<Digest> java_digest(std::string_view name) {
  std::string lower = ascii_lower(name);
  if (const auto dash = lower.find('-'); dash != std::string::npos) lower.erase(dash, 1);
  return digest_named(lower);
}

}  // namespace

std::optional<StoredHash> parse_xwiki(std::string_view hash) {
  const auto salted = split<3>(hash, ':');
  const auto bare = split<2>(hash, ':');
  if (!salted && !bare) return std::nullopt;
  const auto digest = java_digest(salted ? salted->at(0) : bare->at(0));
  if (!digest) return std::nullopt;
  if (bare) return assemble(*digest, Arrangement::password, "", hex_decode(bare->at(1)));
  return assemble(*digest, Arrangement::salt_then_password, salted->at(1),
                  hex_decode(salted->at(2)));
}

bool is_bugzilla(std::string_view hash) noexcept {
  constexpr std::size_t kSalt = 8;
  return hash.size() > kSalt + 2 && hash[kSalt] == ',' && hash.ends_with('}') &&
         hash.find('{') > kSalt && hash.find('{') != std::string_view::npos;
}

std::optional<StoredHash> parse_bugzilla(std::string_view hash) {
  if (!is_bugzilla(hash)) return std::nullopt;
  const auto comma = hash.find(',');
  const auto brace = hash.find('{');
  const auto digest = java_digest(hash.substr(brace + 1, hash.size() - brace - 2));
  if (!digest) return std::nullopt;
  return assemble(*digest, Arrangement::password_then_salt, hash.substr(0, comma),
                  base64_decode_unpadded(hash.substr(comma + 1, brace - comma - 1)));
}

bool is_joomla_sha256(std::string_view hash) noexcept {
  return hash.find(':') != std::string_view::npos;
}

std::optional<StoredHash> parse_joomla_sha256(std::string_view hash) {
  const auto fields = split<2>(hash, ':');
  if (!fields) return std::nullopt;
  return assemble(Digest::sha256, Arrangement::password_then_salt, fields->at(1),
                  hex_decode(fields->at(0)));
}

std::optional<StoredHash> parse_ttrss_sha1(std::string_view hash) {
  const auto fields = split<2>(hash, ':');
  if (!fields) return std::nullopt;
  return assemble(Digest::sha1, Arrangement::password, "", hex_decode(fields->at(1)));
}

std::optional<StoredHash> parse_ttrss_sha1x(std::string_view hash, const SchemeInput& input) {
  const auto fields = split<2>(hash, ':');
  const std::string_view name = input.row.hash_only ? "somebody" : input.row.name;
  if (!fields || name.empty()) return std::nullopt;
  return assemble(Digest::sha1, Arrangement::salt_then_password, std::string(name) + ':',
                  hex_decode(fields->at(1)));
}

std::optional<StoredHash> parse_ttrss_salted(std::string_view hash, const SchemeInput& input) {
  const auto fields = split<2>(hash, ':');
  const auto salt = salt_of(input, "0123456789abcdef");
  if (!fields || !salt) return std::nullopt;
  const Digest digest = fields->at(0) == "SSHA-512" ? Digest::sha512 : Digest::sha256;
  return assemble(digest, Arrangement::salt_then_password, *salt, hex_decode(fields->at(1)));
}

}  // namespace gatehouse::password
