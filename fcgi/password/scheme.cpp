#include "password/scheme.h"

#include <algorithm>

#include "base/encoding.h"
#include "password/format/apr1.h"
#include "password/format/argon2.h"
#include "password/format/bare.h"
#include "password/format/crypt.h"
#include "password/format/django.h"
#include "password/format/ldap.h"
#include "password/format/passlib.h"
#include "password/format/phpass.h"
#include "password/format/spring.h"
#include "password/format/werkzeug.h"
#include "password/format/wordpress.h"

namespace gatehouse::password {
namespace {

constexpr bool kWeak = true;
constexpr bool kStrong = false;

using Condition = bool (*)(std::string_view hash) noexcept;

/// The hash begins with one of these, in this case.
constexpr Mark prefix(std::string_view first, std::string_view second = {},
                      std::string_view third = {}) noexcept {
  return {{first, second, third}, {}, nullptr};
}
constexpr Mark prefix(std::string_view only, Condition condition) noexcept {
  return {{only}, {}, condition};
}
/// The hash begins with `{name}` or `{name.`, in any case.
constexpr Mark braces(std::string_view name, Condition condition = nullptr) noexcept {
  return {{}, name, condition};
}
/// The hash has no prefix: its outer form alone tells.
constexpr Mark form(Condition condition) noexcept {
  return {{}, {}, condition};
}

/// The columns: name, strength, mark, reader, writer, wrapper, opening.
constexpr std::array kSchemes = {
    Scheme{"werkzeug-pbkdf2", kStrong, prefix("pbkdf2:"), parse_werkzeug_pbkdf2,
           new_werkzeug_pbkdf2},
    Scheme{"werkzeug-scrypt", kStrong, prefix("scrypt:"), parse_werkzeug_scrypt,
           new_werkzeug_scrypt},
    // Werkzeug and Django write `md5$…` and `sha1$…` alike, with different arithmetic.
    Scheme{"werkzeug-legacy-md5", kWeak, prefix("md5$"), parse_werkzeug_salted,
           new_werkzeug_pbkdf2},
    Scheme{"werkzeug-legacy-sha1", kWeak, prefix("sha1$"), parse_werkzeug_salted,
           new_werkzeug_pbkdf2},
    Scheme{"werkzeug-legacy-sha256", kWeak, prefix("sha256$"), parse_werkzeug_salted,
           new_werkzeug_pbkdf2},
    Scheme{"werkzeug-legacy-sha512", kWeak, prefix("sha512$"), parse_werkzeug_salted,
           new_werkzeug_pbkdf2},
    Scheme{"django-md5", kWeak, prefix("md5$"), parse_django_salted, new_django_pbkdf2},
    Scheme{"django-sha1", kWeak, prefix("sha1$"), parse_django_salted, new_django_pbkdf2},
    Scheme{"django-pbkdf2-sha256", kStrong, prefix("pbkdf2_sha256$"), parse_django_pbkdf2,
           new_django_pbkdf2},
    Scheme{"django-pbkdf2-sha1", kStrong, prefix("pbkdf2_sha1$"), parse_django_pbkdf2,
           new_django_pbkdf2},
    Scheme{"django-scrypt", kStrong, prefix("scrypt$"), parse_django_scrypt, new_django_scrypt},
    Scheme{"django-argon2", kStrong, prefix("argon2$"), parse_argon2, new_argon2, "argon2"},
    Scheme{"django-bcrypt", kStrong, prefix("bcrypt$"), parse_bcrypt, new_bcrypt, "bcrypt$",
           "$2b$"},
    Scheme{"django-bcrypt-sha256", kStrong, prefix("bcrypt_sha256$"), parse_django_bcrypt_sha256,
           new_django_bcrypt_sha256, "bcrypt_sha256$", "$2b$"},

    Scheme{"bcrypt", kStrong, prefix("$2y$", "$2a$", "$2b$"), parse_bcrypt, new_bcrypt},
    Scheme{"argon2id", kStrong, prefix("$argon2id$"), parse_argon2, new_argon2},
    Scheme{"argon2i", kStrong, prefix("$argon2i$"), parse_argon2, new_argon2},
    Scheme{"nextcloud-bcrypt", kStrong, prefix("1|$2"), parse_bcrypt, new_bcrypt, "1|"},
    Scheme{"nextcloud-argon2i", kStrong, prefix("2|$argon2i$"), parse_argon2, new_argon2, "2|"},
    Scheme{"nextcloud-argon2id", kStrong, prefix("3|$argon2id$"), parse_argon2, new_argon2, "3|"},
    Scheme{"phpass-P", kStrong, prefix("$P$"), parse_phpass},
    Scheme{"phpass-H", kStrong, prefix("$H$"), parse_phpass},
    Scheme{"wordpress-wp-bcrypt", kStrong, prefix("$wp$2"), parse_wordpress, new_wordpress, "$wp"},
    Scheme{"drupal7-S", kStrong, prefix("$S$"), parse_drupal},
    Scheme{"drupal7-US", kStrong, prefix("U$S$", "U$P$", "U$H$"), parse_drupal_upgraded, nullptr,
           "U"},

    Scheme{"sha256crypt", kStrong, prefix("$5$"), parse_sha256_crypt, new_sha256_crypt},
    Scheme{"sha512crypt", kStrong, prefix("$6$"), parse_sha512_crypt, new_sha512_crypt},
    Scheme{"yescrypt", kStrong, prefix("$y$"), parse_yescrypt, new_yescrypt},
    Scheme{"scrypt-$7$", kStrong, prefix("$7$"), parse_scrypt_crypt},
    Scheme{"md5crypt", kWeak, prefix("$1$"), parse_md5_crypt},
    Scheme{"descrypt", kWeak, form(is_des_crypt), parse_des_crypt},
    Scheme{"apr1", kWeak, prefix("$apr1$"), parse_apr1},

    Scheme{"passlib-pbkdf2-sha1", kStrong, prefix("$pbkdf2$", "$pbkdf2-sha1$"), parse_passlib,
           new_passlib},
    Scheme{"passlib-pbkdf2-sha256", kStrong, prefix("$pbkdf2-sha256$"), parse_passlib, new_passlib},
    Scheme{"passlib-pbkdf2-sha512", kStrong, prefix("$pbkdf2-sha512$"), parse_passlib, new_passlib},

    // Spring's ids are case-sensitive, so they stand before the names of LDAP and Dovecot.
    Scheme{"spring-bcrypt", kStrong, prefix("{bcrypt}"), parse_bcrypt, new_bcrypt, "{bcrypt}",
           "$2a$"},
    Scheme{"spring-pbkdf2-v5_5", kStrong, prefix("{pbkdf2}"), parse_spring_pbkdf2, nullptr,
           "{pbkdf2}"},
    Scheme{"spring-pbkdf2-v5_8", kStrong, prefix("{pbkdf2@SpringSecurity_v5_8}"),
           parse_spring_pbkdf2_v5_8, nullptr, "{pbkdf2@SpringSecurity_v5_8}"},
    Scheme{"spring-scrypt-v4_1", kStrong, prefix("{scrypt}"), parse_spring_scrypt, nullptr,
           "{scrypt}"},
    Scheme{"spring-scrypt-v5_8", kStrong, prefix("{scrypt@SpringSecurity_v5_8}"),
           parse_spring_scrypt, nullptr, "{scrypt@SpringSecurity_v5_8}"},
    Scheme{"spring-argon2-v5_2", kStrong, prefix("{argon2}"), parse_argon2, new_argon2, "{argon2}"},
    Scheme{"spring-argon2-v5_8", kStrong, prefix("{argon2@SpringSecurity_v5_8}"), parse_argon2,
           new_argon2, "{argon2@SpringSecurity_v5_8}"},
    Scheme{"spring-sha256", kWeak, prefix("{sha256}", is_spring_sha256), parse_spring_sha256,
           nullptr, "{sha256}"},
    Scheme{"spring-MD5", kWeak, prefix("{MD5}{"), parse_spring_digest},
    Scheme{"spring-SHA-1", kWeak, prefix("{SHA-1}"), parse_spring_digest},
    Scheme{"spring-SHA-256", kWeak, prefix("{SHA-256}"), parse_spring_digest},

    Scheme{"ldap-SHA", kWeak, braces("SHA"), parse_ldap_digest},
    Scheme{"dovecot-SHA1", kWeak, braces("SHA1"), parse_ldap_digest},
    Scheme{"dovecot-SHA256", kWeak, braces("SHA256"), parse_ldap_digest},
    Scheme{"dovecot-SHA512", kWeak, braces("SHA512"), parse_ldap_digest},
    Scheme{"dovecot-LDAP-MD5", kWeak, braces("LDAP-MD5"), parse_ldap_digest},
    Scheme{"dovecot-PLAIN-MD5", kWeak, braces("PLAIN-MD5"), parse_ldap_digest},
    Scheme{"dovecot-PLAIN-MD4", kWeak, braces("PLAIN-MD4", is_readable_md4), parse_ldap_digest},
    Scheme{"dovecot-SMD5", kWeak, braces("SMD5"), parse_ldap_salted},
    Scheme{"ldap-SSHA", kWeak, braces("SSHA"), parse_ldap_salted},
    Scheme{"ldap-SSHA256", kWeak, braces("SSHA256"), parse_ldap_salted},
    Scheme{"ldap-SSHA512", kWeak, braces("SSHA512"), parse_ldap_salted},
    Scheme{"ldap-ARGON2", kStrong, braces("ARGON2", is_ldap_argon2), parse_argon2, new_argon2,
           "{ARGON2}"},
    Scheme{"ldap-PBKDF2-SHA1", kStrong, braces("PBKDF2-SHA1"), parse_passlib_ldap, new_passlib_ldap,
           "", "{PBKDF2-SHA1}"},
    Scheme{"ldap-PBKDF2-SHA256", kStrong, braces("PBKDF2-SHA256"), parse_passlib_ldap,
           new_passlib_ldap, "", "{PBKDF2-SHA256}"},
    Scheme{"ldap-PBKDF2-SHA512", kStrong, braces("PBKDF2-SHA512"), parse_passlib_ldap,
           new_passlib_ldap, "", "{PBKDF2-SHA512}"},
    Scheme{"dovecot-PBKDF2", kStrong, braces("PBKDF2", is_dovecot_pbkdf2), parse_dovecot_pbkdf2,
           new_dovecot_pbkdf2},
    Scheme{"ldap-PBKDF2", kStrong, braces("PBKDF2"), parse_passlib_ldap, new_passlib_ldap, "",
           "{PBKDF2}"},
    Scheme{"dovecot-MD5", kWeak, braces("MD5"), parse_dovecot_md5},
    Scheme{"dovecot-MD5-CRYPT", kWeak, braces("MD5-CRYPT"), parse_md5_crypt, nullptr,
           "{MD5-CRYPT}"},
    Scheme{"dovecot-BLF-CRYPT", kStrong, braces("BLF-CRYPT"), parse_bcrypt, new_bcrypt,
           "{BLF-CRYPT}"},
    Scheme{"dovecot-SHA256-CRYPT", kStrong, braces("SHA256-CRYPT"), parse_sha256_crypt, nullptr,
           "{SHA256-CRYPT}"},
    Scheme{"dovecot-SHA512-CRYPT", kStrong, braces("SHA512-CRYPT"), parse_sha512_crypt, nullptr,
           "{SHA512-CRYPT}"},
    Scheme{"dovecot-ARGON2I", kStrong, braces("ARGON2I"), parse_argon2, new_argon2, "{ARGON2I}",
           "$argon2i$"},
    Scheme{"dovecot-ARGON2ID", kStrong, braces("ARGON2ID"), parse_argon2, new_argon2, "{ARGON2ID}"},
    Scheme{"dovecot-CRYPT", kStrong, braces("CRYPT", is_crypt_of_a_strong_hash), parse_strong_crypt,
           nullptr, "{CRYPT}"},
    Scheme{"dovecot-CRYPT", kWeak, braces("CRYPT"), parse_weak_crypt, nullptr, "{CRYPT}"},

    Scheme{"joomla-md5salt", kWeak, form(is_joomla_md5), parse_joomla_md5},
    Scheme{"raw-md5", kWeak, form(is_raw_md5), parse_raw_md5},
    Scheme{"mysql41", kWeak, form(is_mysql41), parse_mysql41},
};

/// Gives the text that the writer sees where there is no old hash.
std::string_view opening_of(const Scheme& scheme) noexcept {
  if (!scheme.opening.empty()) return scheme.opening;
  const std::string_view first = scheme.mark.prefixes.front();
  return first.substr(std::min(first.size(), scheme.wrapper.size()));
}

}  // namespace

bool Scheme::recognises(std::string_view hash) const noexcept {
  const auto& prefixes = mark.prefixes;
  const bool begins = std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view each) {
    return !each.empty() && hash.starts_with(each);
  });
  if (!begins && !prefixes.front().empty()) return false;
  if (!mark.braces.empty() && !has_braces(hash, mark.braces)) return false;
  return mark.condition == nullptr || mark.condition(hash);
}

std::optional<StoredHash> Scheme::parse(std::string_view hash) const {
  // Capitals do not count here, since LDAP and Dovecot write `{NAME}` in any case. Where the mark
  // is case-sensitive, recognises() has looked at the case.
  const bool wrapped = equal_ignoring_case(hash.substr(0, wrapper.size()), wrapper);
  return wrapped ? reader(hash.substr(wrapper.size())) : std::nullopt;
}

std::optional<NewHash> Scheme::new_hash(std::string_view old, const Strength& strength) const {
  if (writer == nullptr) return std::nullopt;
  const std::string_view front = old.empty() ? wrapper : old.substr(0, wrapper.size());
  auto made = writer(old.empty() ? opening_of(*this) : old.substr(front.size()), strength);
  if (!made || !made->kdf) return std::nullopt;
  made->before.insert(0, front);
  return made;
}

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

const Scheme* scheme_named(std::string_view name) noexcept {
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(),
                                         [&](const Scheme& scheme) { return scheme.name == name; });
  return found == kSchemes.end() ? nullptr : found;
}

}  // namespace gatehouse::password
