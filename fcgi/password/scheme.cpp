#include "password/scheme.h"

#include <algorithm>
#include <array>

#include "password/format/apr1.h"
#include "password/format/bare.h"
#include "password/format/crypt.h"
#include "password/format/django.h"
#include "password/format/fields.h"
#include "password/format/ldap.h"
#include "password/format/passlib.h"
#include "password/format/phpass.h"
#include "password/format/spring.h"
#include "password/format/werkzeug.h"
#include "password/format/wordpress.h"
#include "password/kdf/argon2.h"
#include "password/kdf/digest.h"

namespace gatehouse::password {
namespace {

constexpr bool kWeak = true;
constexpr bool kStrong = false;

using Parse = std::optional<StoredHash> (*)(std::string_view);

/// For a hash of another row behind a prefix of its own.
template <Prefix prefix, Parse parse>
std::optional<StoredHash> behind(std::string_view hash) {
  return hash.starts_with(prefix.view()) ? parse(hash.substr(prefix.view().size())) : std::nullopt;
}

/// `{NAME}`, in any case.
template <Prefix name>
bool braced(std::string_view hash) noexcept {
  return has_braces(hash, name.view());
}
template <Prefix name, Parse parse>
std::optional<StoredHash> behind_braces(std::string_view hash) {
  const auto inner = after_braces(hash, name.view());
  return inner ? parse(*inner) : std::nullopt;
}

bool recognises_plain_md4(std::string_view hash) noexcept {
  return has_braces(hash, "PLAIN-MD4") && has_md4();
}

/// `{PBKDF2}` is Dovecot's if a dollar follows, passlib's if a number does.
bool recognises_dovecot_pbkdf2(std::string_view hash) noexcept {
  return after_braces(hash, "PBKDF2").value_or("").starts_with('$');
}

/// OpenLDAP's; Spring's has a row of its own.
bool recognises_ldap_argon2(std::string_view hash) noexcept {
  return has_braces(hash, "ARGON2") && !hash.starts_with("{argon2}");
}

/// `{CRYPT}` is as strong as what stands behind it.
bool recognises_strong_crypt(std::string_view hash) noexcept {
  const std::string_view inner = after_braces(hash, "CRYPT").value_or("");
  return recognises_bcrypt(inner) || inner.starts_with("$5$") || inner.starts_with("$6$") ||
         inner.starts_with("$y$") || inner.starts_with("$7$");
}
std::optional<StoredHash> parse_strong_crypt(std::string_view hash) {
  if (recognises_bcrypt(hash)) return parse_bcrypt(hash);
  if (hash.starts_with("$5$")) return parse_sha256_crypt(hash);
  if (hash.starts_with("$6$")) return parse_sha512_crypt(hash);
  return hash.starts_with("$7$") ? parse_scrypt_crypt(hash) : parse_yescrypt(hash);
}
std::optional<StoredHash> parse_weak_crypt(std::string_view hash) {
  return hash.starts_with("$1$") ? parse_md5_crypt(hash) : parse_des_crypt(hash);
}

/// `{MD5}` is MD5-crypt in Dovecot, which also takes a bare digest in it, as LDAP writes it.
std::optional<StoredHash> parse_dovecot_md5(std::string_view hash) {
  const auto inner = after_braces(hash, "MD5");
  return inner && inner->starts_with("$1$") ? parse_md5_crypt(*inner) : parse_ldap_digest(hash);
}

constexpr std::array kSchemes = {
    Scheme{"werkzeug-pbkdf2", kStrong, prefixed<"pbkdf2:">, parse_werkzeug_pbkdf2},
    Scheme{"werkzeug-scrypt", kStrong, prefixed<"scrypt:">, parse_werkzeug_scrypt},
    // Werkzeug and Django write one form here, with different arithmetic: both are asked.
    Scheme{"werkzeug-legacy-md5", kWeak, prefixed<"md5$">, parse_werkzeug_salted},
    Scheme{"werkzeug-legacy-sha1", kWeak, prefixed<"sha1$">, parse_werkzeug_salted},
    Scheme{"werkzeug-legacy-sha256", kWeak, prefixed<"sha256$">, parse_werkzeug_salted},
    Scheme{"werkzeug-legacy-sha512", kWeak, prefixed<"sha512$">, parse_werkzeug_salted},
    Scheme{"django-md5", kWeak, prefixed<"md5$">, parse_django_salted},
    Scheme{"django-sha1", kWeak, prefixed<"sha1$">, parse_django_salted},
    Scheme{"django-pbkdf2-sha256", kStrong, prefixed<"pbkdf2_sha256$">, parse_django_pbkdf2},
    Scheme{"django-pbkdf2-sha1", kStrong, prefixed<"pbkdf2_sha1$">, parse_django_pbkdf2},
    Scheme{"django-scrypt", kStrong, prefixed<"scrypt$">, parse_django_scrypt},
    Scheme{"django-argon2", kStrong, prefixed<"argon2$">, parse_django_argon2},
    Scheme{"django-bcrypt", kStrong, prefixed<"bcrypt$">, parse_django_bcrypt},
    Scheme{"django-bcrypt-sha256", kStrong, prefixed<"bcrypt_sha256$">, parse_django_bcrypt_sha256},

    Scheme{"bcrypt", kStrong, recognises_bcrypt, parse_bcrypt},
    Scheme{"argon2id", kStrong, prefixed<"$argon2id$">, parse_argon2},
    Scheme{"argon2i", kStrong, prefixed<"$argon2i$">, parse_argon2},
    Scheme{"nextcloud-bcrypt", kStrong, prefixed<"1|$2">, behind<"1|", parse_bcrypt>},
    Scheme{"nextcloud-argon2i", kStrong, prefixed<"2|$argon2i$">, behind<"2|", parse_argon2>},
    Scheme{"nextcloud-argon2id", kStrong, prefixed<"3|$argon2id$">, behind<"3|", parse_argon2>},
    Scheme{"phpass-P", kStrong, prefixed<"$P$">, parse_phpass},
    Scheme{"phpass-H", kStrong, prefixed<"$H$">, parse_phpass},
    Scheme{"wordpress-wp-bcrypt", kStrong, prefixed<"$wp$2">, parse_wordpress},
    Scheme{"drupal7-S", kStrong, prefixed<"$S$">, parse_drupal},
    Scheme{"drupal7-US", kStrong, recognises_drupal_upgraded, parse_drupal_upgraded},

    Scheme{"sha256crypt", kStrong, prefixed<"$5$">, parse_sha256_crypt},
    Scheme{"sha512crypt", kStrong, prefixed<"$6$">, parse_sha512_crypt},
    Scheme{"yescrypt", kStrong, prefixed<"$y$">, parse_yescrypt},
    Scheme{"scrypt-$7$", kStrong, prefixed<"$7$">, parse_scrypt_crypt},
    Scheme{"md5crypt", kWeak, prefixed<"$1$">, parse_md5_crypt},
    Scheme{"descrypt", kWeak, recognises_des_crypt, parse_des_crypt},
    Scheme{"apr1", kWeak, prefixed<"$apr1$">, parse_apr1},

    Scheme{"passlib-pbkdf2-sha1", kStrong, prefixed<"$pbkdf2$">, parse_passlib},
    Scheme{"passlib-pbkdf2-sha1", kStrong, prefixed<"$pbkdf2-sha1$">, parse_passlib},
    Scheme{"passlib-pbkdf2-sha256", kStrong, prefixed<"$pbkdf2-sha256$">, parse_passlib},
    Scheme{"passlib-pbkdf2-sha512", kStrong, prefixed<"$pbkdf2-sha512$">, parse_passlib},

    // Spring's ids are lower case; its {sha256} stands before Dovecot's.
    Scheme{"spring-bcrypt", kStrong, prefixed<"{bcrypt}">, behind<"{bcrypt}", parse_bcrypt>},
    Scheme{"spring-pbkdf2-v5_5", kStrong, prefixed<"{pbkdf2}">, parse_spring_pbkdf2},
    Scheme{"spring-pbkdf2-v5_8", kStrong, prefixed<"{pbkdf2@SpringSecurity_v5_8}">,
           parse_spring_pbkdf2_v5_8},
    Scheme{"spring-scrypt-v4_1", kStrong, prefixed<"{scrypt}">, parse_spring_scrypt},
    Scheme{"spring-scrypt-v5_8", kStrong, prefixed<"{scrypt@SpringSecurity_v5_8}">,
           parse_spring_scrypt},
    Scheme{"spring-argon2-v5_2", kStrong, prefixed<"{argon2}">, behind<"{argon2}", parse_argon2>},
    Scheme{"spring-argon2-v5_8", kStrong, prefixed<"{argon2@SpringSecurity_v5_8}">,
           behind<"{argon2@SpringSecurity_v5_8}", parse_argon2>},
    Scheme{"spring-sha256", kWeak, recognises_spring_sha256, parse_spring_sha256},
    Scheme{"spring-MD5", kWeak, prefixed<"{MD5}{">, parse_spring_digest},
    Scheme{"spring-SHA-1", kWeak, prefixed<"{SHA-1}">, parse_spring_digest},
    Scheme{"spring-SHA-256", kWeak, prefixed<"{SHA-256}">, parse_spring_digest},

    Scheme{"ldap-SHA", kWeak, braced<"SHA">, parse_ldap_digest},
    Scheme{"dovecot-SHA1", kWeak, braced<"SHA1">, parse_ldap_digest},
    Scheme{"dovecot-SHA256", kWeak, braced<"SHA256">, parse_ldap_digest},
    Scheme{"dovecot-SHA512", kWeak, braced<"SHA512">, parse_ldap_digest},
    Scheme{"dovecot-LDAP-MD5", kWeak, braced<"LDAP-MD5">, parse_ldap_digest},
    Scheme{"dovecot-PLAIN-MD5", kWeak, braced<"PLAIN-MD5">, parse_ldap_digest},
    Scheme{"dovecot-PLAIN-MD4", kWeak, recognises_plain_md4, parse_ldap_digest},
    Scheme{"dovecot-SMD5", kWeak, braced<"SMD5">, parse_ldap_salted},
    Scheme{"ldap-SSHA", kWeak, braced<"SSHA">, parse_ldap_salted},
    Scheme{"ldap-SSHA256", kWeak, braced<"SSHA256">, parse_ldap_salted},
    Scheme{"ldap-SSHA512", kWeak, braced<"SSHA512">, parse_ldap_salted},
    Scheme{"ldap-ARGON2", kStrong, recognises_ldap_argon2, behind_braces<"ARGON2", parse_argon2>},
    Scheme{"ldap-PBKDF2-SHA1", kStrong, braced<"PBKDF2-SHA1">, parse_passlib_ldap},
    Scheme{"ldap-PBKDF2-SHA256", kStrong, braced<"PBKDF2-SHA256">, parse_passlib_ldap},
    Scheme{"ldap-PBKDF2-SHA512", kStrong, braced<"PBKDF2-SHA512">, parse_passlib_ldap},
    Scheme{"dovecot-PBKDF2", kStrong, recognises_dovecot_pbkdf2, parse_dovecot_pbkdf2},
    Scheme{"ldap-PBKDF2", kStrong, braced<"PBKDF2">, parse_passlib_ldap},
    Scheme{"dovecot-MD5", kWeak, braced<"MD5">, parse_dovecot_md5},
    Scheme{"dovecot-MD5-CRYPT", kWeak, braced<"MD5-CRYPT">,
           behind_braces<"MD5-CRYPT", parse_md5_crypt>},
    Scheme{"dovecot-BLF-CRYPT", kStrong, braced<"BLF-CRYPT">,
           behind_braces<"BLF-CRYPT", parse_bcrypt>},
    Scheme{"dovecot-SHA256-CRYPT", kStrong, braced<"SHA256-CRYPT">,
           behind_braces<"SHA256-CRYPT", parse_sha256_crypt>},
    Scheme{"dovecot-SHA512-CRYPT", kStrong, braced<"SHA512-CRYPT">,
           behind_braces<"SHA512-CRYPT", parse_sha512_crypt>},
    Scheme{"dovecot-ARGON2I", kStrong, braced<"ARGON2I">, behind_braces<"ARGON2I", parse_argon2>},
    Scheme{"dovecot-ARGON2ID", kStrong, braced<"ARGON2ID">,
           behind_braces<"ARGON2ID", parse_argon2>},
    Scheme{"dovecot-CRYPT", kStrong, recognises_strong_crypt,
           behind_braces<"CRYPT", parse_strong_crypt>},
    Scheme{"dovecot-CRYPT", kWeak, braced<"CRYPT">, behind_braces<"CRYPT", parse_weak_crypt>},

    Scheme{"joomla-md5salt", kWeak, recognises_joomla_md5, parse_joomla_md5},
    Scheme{"raw-md5", kWeak, recognises_raw_md5, parse_raw_md5},
    Scheme{"mysql41", kWeak, recognises_mysql41, parse_mysql41},
};

}  // namespace

std::span<const Scheme> schemes() noexcept {
  return kSchemes;
}

const Scheme* find_scheme(std::string_view hash) noexcept {
  if (hash.size() > kLongestHash) return nullptr;
  const auto* const found =
      std::find_if(kSchemes.begin(), kSchemes.end(),
                   [&](const Scheme& scheme) { return scheme.recognises(hash); });
  return found == kSchemes.end() ? nullptr : found;
}

std::vector<Reading> readings(std::string_view hash) {
  std::vector<Reading> all;
  if (hash.size() > kLongestHash) return all;
  for (const Scheme& scheme : schemes()) {
    if (!scheme.recognises(hash)) continue;
    if (auto stored = scheme.parse(hash)) all.push_back({&scheme, *std::move(stored)});
  }
  return all;
}

std::string names_of(std::span<const Reading> readings) {
  std::string names;
  for (const Reading& reading : readings) {
    if (!names.empty()) names += " or ";
    names += reading.scheme->name;
  }
  return names;
}

}  // namespace gatehouse::password
