#include "password/format/passlib.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kFewestDigestBytes = 16;
constexpr std::size_t kMostDigestBytes = 64;

/// Reads `rounds$salt$digest`; nothing if the digest is unknown.
std::optional<StoredHash> parse(std::optional<Digest> digest, std::string_view text) {
  const auto fields = split<3>(text, '$');
  if (!digest || !fields) return std::nullopt;
  // AdonisJS and RustCrypto write `i=25000` (and `,l=32`), and base64 with `+`.
  std::string_view count = fields->at(0);
  const bool phc = count.starts_with("i=");
  std::optional<std::uint64_t> stated = digest_size(*digest);
  if (phc) {
    const auto comma = std::min(count.find(','), count.size());
    if (count.substr(comma).starts_with(",l=")) stated = parse_count(count.substr(comma + 3));
    count = count.substr(2, comma - 2);
  }
  const auto rounds = parse_count(count);
  const auto decode = phc ? base64_decode_unpadded : adapted_base64_decode;
  auto salt = decode(fields->at(1));
  auto bytes = decode(fields->at(2));
  if (!rounds || *rounds == 0 || !salt || !bytes || bytes->size() != stated) return std::nullopt;
  const std::size_t size = bytes->size();
  if (size < kFewestDigestBytes || size > kMostDigestBytes) return std::nullopt;
  return StoredHash{make_pbkdf2(*digest, *rounds, size), *std::move(salt), *std::move(bytes)};
}

std::optional<Digest> digest_of_name(std::string_view name) {
  constexpr std::string_view kPrefix = "pbkdf2-";
  if (name == "pbkdf2" || name == "pbkdf2-sha1") return Digest::sha1;
  const auto digest =
      name.starts_with(kPrefix) ? digest_named(name.substr(kPrefix.size())) : std::nullopt;
  return digest == Digest::sha256 || digest == Digest::sha512 ? digest : std::nullopt;
}

/// A hash as passlib names its two forms: `$NAME$rest` or `{NAME}rest`.
struct PasslibHash {
  std::string_view opening;  ///< `$NAME$` or `{NAME}`
  std::optional<Digest> digest;
  std::string_view rest;
};
std::optional<PasslibHash> open_passlib(std::string_view hash, char first, char last) {
  const auto end = hash.find(last, 1);
  if (!hash.starts_with(first) || end == std::string_view::npos) return std::nullopt;
  const std::string_view name = hash.substr(1, end - 1);
  return PasslibHash{hash.substr(0, end + 1),
                     digest_of_name(first == '{' ? ascii_lower(name) : std::string(name)),
                     hash.substr(end + 1)};
}

std::optional<NewHash> new_pbkdf2(Digest digest, std::string_view opening,
                                  const Strength& strength) {
  const std::uint64_t rounds = pbkdf2_rounds(digest, strength);
  const std::size_t size = digest_size(digest);
  std::string salt = random_bytes(kSaltBytes);
  std::string before = fmt::format("{}{}${}$", opening, rounds, adapted_base64_encode(salt));
  return NewHash{make_pbkdf2(digest, rounds, size), std::move(salt), size, std::move(before),
                 adapted_base64_encode};
}

}  // namespace

std::optional<StoredHash> parse_passlib(std::string_view hash) {
  const auto opened = open_passlib(hash, '$', '$');
  return opened ? parse(opened->digest, opened->rest) : std::nullopt;
}

std::optional<StoredHash> parse_passlib_ldap(std::string_view hash) {
  const auto opened = open_passlib(hash, '{', '}');
  return opened ? parse(opened->digest, opened->rest) : std::nullopt;
}

std::optional<NewHash> new_passlib(std::string_view old, const Strength& strength) {
  const auto opened = open_passlib(old, '$', '$');
  if (!opened || !opened->digest) return std::nullopt;
  const bool sha1 = *opened->digest == Digest::sha1;
  return new_pbkdf2(*opened->digest, sha1 ? "$pbkdf2$" : opened->opening, strength);
}

std::optional<NewHash> new_passlib_ldap(std::string_view old, const Strength& strength) {
  const auto opened = open_passlib(old, '{', '}');
  if (!opened || !opened->digest) return std::nullopt;
  return new_pbkdf2(*opened->digest, opened->opening, strength);
}

}  // namespace gatehouse::password
