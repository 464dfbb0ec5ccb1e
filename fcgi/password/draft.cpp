#include "password/draft.h"

#include <crypt.h>
#include <fmt/core.h>

#include <array>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/django.h"
#include "password/format/wordpress.h"
#include "password/kdf/argon2.h"
#include "password/kdf/digest.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSaltLetters = 16;
constexpr std::size_t kSaltBytes = 16;

std::string verbatim(std::string_view digest) {
  return std::string(digest);
}

std::uint64_t rounds(Digest digest, const Strength& strength) {
  if (digest == Digest::sha1) return strength.pbkdf2_sha1_rounds;
  return digest == Digest::sha512 ? strength.pbkdf2_sha512_rounds : strength.pbkdf2_sha256_rounds;
}
KdfPointer pbkdf2_of(Digest digest, const Strength& strength) {
  return make_pbkdf2(digest, rounds(digest, strength), digest_size(digest));
}
KdfPointer scrypt_of(const Strength& strength) {
  return make_scrypt({strength.scrypt_n, strength.scrypt_r, strength.scrypt_p});
}

/// Every Werkzeug reads SHA-256; a SHA-512 row stays one.
Draft werkzeug_pbkdf2(std::string_view old, const Strength& strength) {
  const Digest digest = old.starts_with("pbkdf2:sha512") ? Digest::sha512 : Digest::sha256;
  std::string salt = random_letters(kSaltLetters);
  std::string before =
      fmt::format("pbkdf2:{}:{}${}$", to_string(digest), rounds(digest, strength), salt);
  return {pbkdf2_of(digest, strength), std::move(salt), digest_size(digest), std::move(before),
          hex_encode};
}
Draft werkzeug_scrypt(std::string_view /*old*/, const Strength& strength) {
  std::string salt = random_letters(kSaltLetters);
  std::string before = fmt::format("scrypt:{}:{}:{}${}$", strength.scrypt_n, strength.scrypt_r,
                                   strength.scrypt_p, salt);
  return {scrypt_of(strength), std::move(salt), 64, std::move(before), hex_encode};
}

Draft django_pbkdf2(std::string_view old, const Strength& strength) {
  const Digest digest = old.starts_with("pbkdf2_sha1$") ? Digest::sha1 : Digest::sha256;
  std::string salt = random_letters(kSaltLetters);
  std::string before =
      fmt::format("pbkdf2_{}${}${}$", to_string(digest), rounds(digest, strength), salt);
  return {pbkdf2_of(digest, strength), std::move(salt), digest_size(digest), std::move(before),
          base64_encode};
}
/// Django leaves OpenSSL's limit of 32 MiB as it is, and cannot read what takes that much: half the
/// memory, and, as OWASP has it, more passes instead.
Draft django_scrypt(std::string_view /*old*/, const Strength& strength) {
  const ScryptParameters parameters{std::min<std::uint64_t>(strength.scrypt_n, 16'384),
                                    strength.scrypt_r, strength.scrypt_p + 2};
  std::string salt = random_letters(kSaltLetters);
  std::string before =
      fmt::format("scrypt${}${}${}${}$", parameters.n, salt, parameters.r, parameters.p);
  return {make_scrypt(parameters), std::move(salt), 64, std::move(before), base64_encode};
}

/// passlib's two forms differ in what stands before the rounds.
template <Digest digest>
Draft passlib(std::string_view old, const Strength& strength) {
  std::string salt = random_bytes(kSaltBytes);
  const std::string name = digest == Digest::sha1 ? "" : fmt::format("-{}", to_string(digest));
  const std::string opening = old.starts_with('{') ? std::string(old.substr(0, old.find('}') + 1))
                                                   : fmt::format("$pbkdf2{}$", name);
  std::string before =
      fmt::format("{}{}${}$", opening, rounds(digest, strength), adapted_base64_encode(salt));
  return {pbkdf2_of(digest, strength), std::move(salt), digest_size(digest), std::move(before),
          adapted_base64_encode};
}
Draft dovecot_pbkdf2(std::string_view /*old*/, const Strength& strength) {
  std::string salt = random_letters(kSaltLetters);
  std::string before = fmt::format("{{PBKDF2}}$1${}${}$", salt, strength.pbkdf2_sha1_rounds);
  return {pbkdf2_of(Digest::sha1, strength), std::move(salt), digest_size(Digest::sha1),
          std::move(before), hex_encode};
}

Draft argon2(std::string_view old, const Strength& strength) {
  constexpr std::size_t kDigestBytes = 32;
  const bool independent = old.find("$argon2i$") != std::string_view::npos;
  const Argon2Parameters parameters{independent ? Argon2Variant::i : Argon2Variant::id, 0x13,
                                    strength.argon2_memory_kib, strength.argon2_passes, 1};
  std::string salt = random_bytes(kSaltBytes);
  std::string before =
      fmt::format("{}$argon2{}$v=19$m={},t={},p=1${}$", old.substr(0, old.find("$argon2")),
                  independent ? "i" : "id", parameters.memory_kib, parameters.passes,
                  base64_encode_unpadded(salt));
  return {make_argon2(parameters), std::move(salt), kDigestBytes, std::move(before),
          base64_encode_unpadded};
}

using Parse = std::optional<StoredHash> (*)(std::string_view);

/// A setting of crypt(3) with a random salt; `$2y$` for `prefix` and 12 for `cost`, for example.
std::string setting(const std::string& prefix, unsigned long cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> out{};
  const char* const made =
      crypt_gensalt_rn(prefix.c_str(), cost, nullptr, 0, out.data(), static_cast<int>(out.size()));
  return made == nullptr ? std::string() : std::string(made);
}

/// By its parser: the setting with `letters` of any digest is a whole hash.
std::optional<Draft> crypt_draft(std::string before, const std::string& setting, Parse parse,
                                 std::size_t letters) {
  auto stored = parse(before + setting + std::string(letters, '.'));
  if (!stored) return std::nullopt;
  return Draft{std::move(stored->kdf), std::move(stored->salt), letters, std::move(before),
               verbatim};
}

/// `before`: what stands in front of crypt(3)'s form. `read` reads the whole.
template <Parse read>
std::optional<Draft> bcrypt_behind(std::string_view before, std::string_view old,
                                   const Strength& strength) {
  constexpr std::size_t kDigestLetters = 31;
  const auto at = old.find("$2");
  const std::string prefix(at < old.size() ? old.substr(at, 4) : "$2y$");
  return crypt_draft(std::string(before), setting(prefix, strength.bcrypt_cost), read,
                     kDigestLetters);
}
/// Reads behind any prefix: only what stands from `$2` on is crypt(3)'s.
std::optional<StoredHash> parse_bcrypt_within(std::string_view hash) {
  const auto at = hash.find("$2");
  return at < hash.size() ? parse_bcrypt(hash.substr(at)) : std::nullopt;
}
std::optional<Draft> bcrypt(std::string_view old, const Strength& strength) {
  auto made = bcrypt_behind<parse_bcrypt_within>(
      old.substr(0, std::min(old.size(), old.find("$2"))), old, strength);
  if (made) made->whole_password = false;
  return made;
}
std::optional<Draft> django_bcrypt_sha256(std::string_view old, const Strength& strength) {
  return bcrypt_behind<parse_django_bcrypt_sha256>("bcrypt_sha256$", old, strength);
}
std::optional<Draft> wordpress(std::string_view old, const Strength& strength) {
  return bcrypt_behind<parse_wordpress>("$wp", old, strength);
}

std::optional<Draft> sha256_crypt(std::string_view /*old*/, const Strength& strength) {
  return crypt_draft("", setting("$5$", strength.sha_crypt_rounds) + "$", parse_sha256_crypt, 43);
}
std::optional<Draft> sha512_crypt(std::string_view /*old*/, const Strength& strength) {
  return crypt_draft("", setting("$6$", strength.sha_crypt_rounds) + "$", parse_sha512_crypt, 86);
}
std::optional<Draft> yescrypt(std::string_view /*old*/, const Strength& strength) {
  return crypt_draft("", setting("$y$", strength.yescrypt_cost) + "$", parse_yescrypt, 43);
}

using Make = std::optional<Draft> (*)(std::string_view old, const Strength& strength);
/// A maker that cannot fail, as one that can.
template <Draft (*make)(std::string_view, const Strength&)>
std::optional<Draft> always(std::string_view old, const Strength& strength) {
  return make(old, strength);
}

/// What is written for a row of the scheme table; what it does not name is left.
struct Writer {
  std::string_view scheme;
  Make make;
  std::string_view opening{};  ///< of a first hash: the prefix that tells the application's form
};
constexpr std::array kWriters = {
    Writer{"werkzeug-pbkdf2", always<werkzeug_pbkdf2>},
    Writer{"werkzeug-scrypt", always<werkzeug_scrypt>},
    // The application is known, and each version of it reads its PBKDF2.
    Writer{"werkzeug-legacy-md5", always<werkzeug_pbkdf2>},
    Writer{"werkzeug-legacy-sha1", always<werkzeug_pbkdf2>},
    Writer{"werkzeug-legacy-sha256", always<werkzeug_pbkdf2>},
    Writer{"werkzeug-legacy-sha512", always<werkzeug_pbkdf2>},
    Writer{"django-md5", always<django_pbkdf2>},
    Writer{"django-sha1", always<django_pbkdf2>},
    Writer{"django-pbkdf2-sha256", always<django_pbkdf2>},
    Writer{"django-pbkdf2-sha1", always<django_pbkdf2>, "pbkdf2_sha1$"},
    Writer{"django-scrypt", always<django_scrypt>},
    Writer{"django-argon2", always<argon2>, "argon2$argon2id$"},
    Writer{"django-bcrypt", bcrypt, "bcrypt$$2b$"},
    Writer{"django-bcrypt-sha256", django_bcrypt_sha256, "bcrypt_sha256$$2b$"},
    Writer{"bcrypt", bcrypt},
    Writer{"argon2id", always<argon2>},
    Writer{"argon2i", always<argon2>, "$argon2i$"},
    Writer{"nextcloud-bcrypt", bcrypt, "1|$2y$"},
    Writer{"nextcloud-argon2i", always<argon2>, "2|$argon2i$"},
    Writer{"nextcloud-argon2id", always<argon2>, "3|$argon2id$"},
    Writer{"wordpress-wp-bcrypt", wordpress},
    Writer{"sha256crypt", sha256_crypt},
    Writer{"sha512crypt", sha512_crypt},
    Writer{"yescrypt", yescrypt},
    Writer{"passlib-pbkdf2-sha1", always<passlib<Digest::sha1>>},
    Writer{"passlib-pbkdf2-sha256", always<passlib<Digest::sha256>>},
    Writer{"passlib-pbkdf2-sha512", always<passlib<Digest::sha512>>},
    Writer{"ldap-PBKDF2", always<passlib<Digest::sha1>>, "{PBKDF2}"},
    Writer{"ldap-PBKDF2-SHA1", always<passlib<Digest::sha1>>, "{PBKDF2-SHA1}"},
    Writer{"ldap-PBKDF2-SHA256", always<passlib<Digest::sha256>>, "{PBKDF2-SHA256}"},
    Writer{"ldap-PBKDF2-SHA512", always<passlib<Digest::sha512>>, "{PBKDF2-SHA512}"},
    Writer{"ldap-ARGON2", always<argon2>, "{ARGON2}$argon2id$"},
    Writer{"spring-bcrypt", bcrypt, "{bcrypt}$2a$"},
    Writer{"spring-argon2-v5_2", always<argon2>, "{argon2}$argon2id$"},
    Writer{"spring-argon2-v5_8", always<argon2>, "{argon2@SpringSecurity_v5_8}$argon2id$"},
    Writer{"dovecot-PBKDF2", always<dovecot_pbkdf2>},
    Writer{"dovecot-BLF-CRYPT", bcrypt, "{BLF-CRYPT}$2y$"},
    Writer{"dovecot-ARGON2I", always<argon2>, "{ARGON2I}$argon2i$"},
    Writer{"dovecot-ARGON2ID", always<argon2>, "{ARGON2ID}$argon2id$"},
};

}  // namespace

std::optional<Draft> draft(std::string_view scheme, std::string_view old,
                           const Strength& strength) {
  for (const Writer& writer : kWriters) {
    if (writer.scheme == scheme) return writer.make(old.empty() ? writer.opening : old, strength);
  }
  return std::nullopt;
}

std::optional<Draft> upgrade(const Scheme& scheme, const Cost& cost, std::string_view old,
                             const Policy& policy, std::size_t password_bytes) {
  const bool crosses = !policy.write.empty() && policy.write != scheme.name;
  auto made =
      crosses ? draft(policy.write, "", policy.strength) : draft(scheme.name, old, policy.strength);
  if (!made || !made->kdf || !within(made->kdf->cost(password_bytes), policy.limits)) {
    return std::nullopt;
  }
  if (!crosses && made->kdf->usual_cost().time <= cost.time) return std::nullopt;
  return made;
}

}  // namespace gatehouse::password
