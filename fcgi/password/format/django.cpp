#include "password/format/django.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kDjangoScryptBytes = 64;

/// Puts the hash together. Gives nothing unless `digest` has `size` bytes.
std::optional<StoredHash> assemble(KdfPointer kdf, std::string_view salt,
                                   std::optional<std::string> digest, std::size_t size) {
  if (!kdf || !digest || digest->size() != size) return std::nullopt;
  return StoredHash{std::move(kdf), std::string(salt), *std::move(digest)};
}

std::string sha256_hex(std::string_view password) {
  return hex_encode(digest_of(Digest::sha256, {password}));
}
KdfPointer over_sha256(KdfPointer inner) {
  return make_prehashed(std::move(inner), sha256_hex, "SHA-256");
}

}  // namespace

std::optional<StoredHash> parse_django_pbkdf2(std::string_view hash) {
  const auto fields = split<4>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [algorithm, count, salt, text] = *fields;
  const auto rounds = parse_count(count);
  const bool sha1 = algorithm == "pbkdf2_sha1";
  if ((!sha1 && algorithm != "pbkdf2_sha256") || !rounds || *rounds == 0) return std::nullopt;
  const Digest digest = sha1 ? Digest::sha1 : Digest::sha256;
  const std::size_t size = digest_size(digest);
  return assemble(make_pbkdf2(digest, *rounds, size), salt, base64_decode(text), size);
}

std::optional<StoredHash> parse_django_scrypt(std::string_view hash) {
  const auto fields = split<6>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [algorithm, n_text, salt, r_text, p_text, text] = *fields;
  const auto n = parse_count(n_text);
  const auto r = parse_count(r_text);
  const auto p = parse_count(p_text);
  if (!n || !r || !p) return std::nullopt;
  return assemble(make_scrypt({*n, *r, *p}), salt, base64_decode(text), kDjangoScryptBytes);
}

std::optional<StoredHash> parse_django_bcrypt_sha256(std::string_view hash) {
  auto stored = parse_bcrypt(hash);
  if (stored) stored->kdf = over_sha256(std::move(stored->kdf));
  return stored;
}

std::optional<StoredHash> parse_django_salted(std::string_view hash) {
  const auto fields = split<3>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [algorithm, salt, hex] = *fields;
  const auto digest = digest_named(algorithm);
  if (digest != Digest::md5 && digest != Digest::sha1) return std::nullopt;
  return assemble(make_simple(*digest, Arrangement::salt_then_password), salt, hex_decode(hex),
                  digest_size(*digest));
}

std::optional<NewHash> new_django_pbkdf2(std::string_view old, const Strength& strength) {
  const Digest digest = old.starts_with("pbkdf2_sha1$") ? Digest::sha1 : Digest::sha256;
  const std::uint64_t rounds = pbkdf2_rounds(digest, strength);
  std::string salt = random_letters(kSaltLetters);
  std::string before = fmt::format("pbkdf2_{}${}${}$", to_string(digest), rounds, salt);
  const std::size_t size = digest_size(digest);
  return NewHash{make_pbkdf2(digest, rounds, size), std::move(salt), size, std::move(before),
                 base64_encode};
}

std::optional<NewHash> new_django_scrypt(std::string_view /*old*/, const Strength& strength) {
  constexpr std::uint64_t kMostN = 16'384;
  const ScryptParameters parameters{std::min(strength.scrypt_n, kMostN), strength.scrypt_r,
                                    strength.scrypt_p + 2};
  std::string salt = random_letters(kSaltLetters);
  std::string before =
      fmt::format("scrypt${}${}${}${}$", parameters.n, salt, parameters.r, parameters.p);
  return NewHash{make_scrypt(parameters), std::move(salt), kDjangoScryptBytes, std::move(before),
                 base64_encode};
}

std::optional<NewHash> new_django_bcrypt_sha256(std::string_view old, const Strength& strength) {
  auto made = new_bcrypt(old, strength);
  if (!made) return std::nullopt;
  made->kdf = over_sha256(std::move(made->kdf));
  made->most_password_bytes = kEveryByte;  // bcrypt sees the digest alone
  return made;
}

}  // namespace gatehouse::password
