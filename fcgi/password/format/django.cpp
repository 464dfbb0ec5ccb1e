#include "password/format/django.h"

#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/argon2.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

std::optional<StoredHash> assemble(KdfPointer kdf, std::string_view salt,
                                   std::optional<std::string> digest, std::size_t size) {
  if (!kdf || !digest || digest->size() != size) return std::nullopt;
  return StoredHash{std::move(kdf), std::string(salt), *std::move(digest)};
}

std::string sha256_hex(std::string_view password) {
  return hex_encode(digest_of(Digest::sha256, {password}));
}

/// What stands after `algorithm` and its dollar.
std::string_view after_algorithm(std::string_view hash) {
  const auto dollar = hash.find('$');
  return dollar == std::string_view::npos ? std::string_view() : hash.substr(dollar + 1);
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
  constexpr std::size_t kDigestBytes = 64;
  const auto fields = split<6>(hash, '$');
  if (!fields) return std::nullopt;
  const auto& [algorithm, n_text, salt, r_text, p_text, text] = *fields;
  const auto n = parse_count(n_text);
  const auto r = parse_count(r_text);
  const auto p = parse_count(p_text);
  if (!n || !r || !p) return std::nullopt;
  return assemble(make_scrypt({*n, *r, *p}), salt, base64_decode(text), kDigestBytes);
}

std::optional<StoredHash> parse_django_argon2(std::string_view hash) {
  // Django writes `argon2` and then the PHC form, whose first dollar separates the two.
  const auto at = hash.find('$');
  return at == std::string_view::npos ? std::nullopt : parse_argon2(hash.substr(at));
}

std::optional<StoredHash> parse_django_bcrypt(std::string_view hash) {
  return parse_bcrypt(after_algorithm(hash));
}

std::optional<StoredHash> parse_django_bcrypt_sha256(std::string_view hash) {
  auto stored = parse_bcrypt(after_algorithm(hash));
  if (stored) stored->kdf = make_prehashed(std::move(stored->kdf), sha256_hex, "SHA-256");
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

}  // namespace gatehouse::password
