#include "password/format/werkzeug.h"

#include <fmt/core.h>

#include <utility>

#include "base/encoding.h"
#include "password/format/fields.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kWerkzeugScryptBytes = 64;

/// Puts the hash together. Gives nothing unless `hex` is a digest of `size` bytes.
std::optional<StoredHash> assemble(KdfPointer kdf, std::string_view salt, std::string_view hex,
                                   std::size_t size) {
  auto digest = hex_decode(hex);
  if (!kdf || !digest || digest->size() != size) return std::nullopt;
  return StoredHash{std::move(kdf), std::string(salt), *std::move(digest)};
}

/// The parts of `pbkdf2:NAME` or `pbkdf2:NAME:ROUNDS`.
struct Pbkdf2Method {
  Digest digest;
  std::uint64_t rounds;
};
std::optional<Pbkdf2Method> parse_pbkdf2_method(std::string_view method) {
  constexpr std::string_view kRoundsIfAbsent = "150000";
  const auto without = split<2>(method, ':');
  const auto with = split<3>(method, ':');
  if (!with && !without) return std::nullopt;
  const auto digest = digest_named(with ? with->at(1) : without->at(1));
  const auto rounds = parse_count(with ? with->at(2) : kRoundsIfAbsent);
  const bool known = digest == Digest::sha1 || digest == Digest::sha256 || digest == Digest::sha512;
  if (!known || !rounds || *rounds == 0) return std::nullopt;
  return Pbkdf2Method{*digest, *rounds};
}

std::optional<ScryptParameters> parse_scrypt_method(std::string_view method) {
  const auto fields = split<4>(method, ':');
  if (!fields) return std::nullopt;
  const auto n = parse_count(fields->at(1));
  const auto r = parse_count(fields->at(2));
  const auto p = parse_count(fields->at(3));
  if (!n || !r || !p) return std::nullopt;
  return ScryptParameters{*n, *r, *p};
}

}  // namespace

std::optional<StoredHash> parse_werkzeug_pbkdf2(std::string_view hash) {
  const auto fields = split<3>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [method, salt, hex] = *fields;
  const auto parsed = parse_pbkdf2_method(method);
  if (!parsed || salt.empty()) return std::nullopt;
  const std::size_t size = digest_size(parsed->digest);
  return assemble(make_pbkdf2(parsed->digest, parsed->rounds, size), salt, hex, size);
}

std::optional<StoredHash> parse_werkzeug_scrypt(std::string_view hash) {
  const auto fields = split<3>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [method, salt, hex] = *fields;
  const auto parsed = parse_scrypt_method(method);
  if (!parsed || salt.empty()) return std::nullopt;
  return assemble(make_scrypt(*parsed), salt, hex, kWerkzeugScryptBytes);
}

std::optional<StoredHash> parse_werkzeug_salted(std::string_view hash) {
  const auto fields = split<3>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [method, salt, hex] = *fields;
  const auto digest = digest_named(method);
  if (!digest) return std::nullopt;
  const auto arrangement = salt.empty() ? Arrangement::password : Arrangement::keyed_with_salt;
  return assemble(make_simple(*digest, arrangement), salt, hex, digest_size(*digest));
}

std::optional<NewHash> new_werkzeug_pbkdf2(std::string_view old, const Strength& strength) {
  const Digest digest = old.starts_with("pbkdf2:sha512") ? Digest::sha512 : Digest::sha256;
  const std::uint64_t rounds = pbkdf2_rounds(digest, strength);
  std::string salt = random_letters(kSaltLetters);
  std::string before = fmt::format("pbkdf2:{}:{}${}$", to_string(digest), rounds, salt);
  const std::size_t size = digest_size(digest);
  return NewHash{make_pbkdf2(digest, rounds, size), std::move(salt), size, std::move(before),
                 hex_encode};
}

std::optional<NewHash> new_werkzeug_scrypt(std::string_view /*old*/, const Strength& strength) {
  const ScryptParameters parameters{strength.scrypt_n, strength.scrypt_r, strength.scrypt_p};
  std::string salt = random_letters(kSaltLetters);
  std::string before =
      fmt::format("scrypt:{}:{}:{}${}$", parameters.n, parameters.r, parameters.p, salt);
  return NewHash{make_scrypt(parameters), std::move(salt), kWerkzeugScryptBytes, std::move(before),
                 hex_encode};
}

}  // namespace gatehouse::password
