#include "password/scheme.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/encoding.h"
#include "password/format/apr1.h"
#include "password/format/argon2.h"
#include "password/format/aspnet.h"
#include "password/format/bare.h"
#include "password/format/base64.h"
#include "password/format/better_auth.h"
#include "password/format/crypt.h"
#include "password/format/django.h"
#include "password/format/java_portals.h"
#include "password/format/keycloak.h"
#include "password/format/ldap.h"
#include "password/format/magento.h"
#include "password/format/marked_digest.h"
#include "password/format/mediawiki.h"
#include "password/format/movable_type.h"
#include "password/format/otrs.h"
#include "password/format/passlib.h"
#include "password/format/passlib_bcrypt.h"
#include "password/format/phc.h"
#include "password/format/phpass.h"
#include "password/format/phpbb.h"
#include "password/format/request_tracker.h"
#include "password/format/ruby_scrypt.h"
#include "password/format/salt_column.h"
#include "password/format/seafile.h"
#include "password/format/spring.h"
#include "password/format/werkzeug.h"
#include "password/format/woltlab.h"
#include "password/format/wordpress.h"
#include "password/format/xenforo.h"

namespace gatehouse::password {
namespace {

constexpr bool kWeak = true;
constexpr bool kStrong = false;

using Condition = bool (*)(std::string_view hash) noexcept;

bool is_sha512_crypt(std::string_view hash) noexcept {
  return !is_movable_type(hash);
}

/// The hash begins with one of these, in this case.
constexpr Mark prefix(std::string_view first, std::string_view second = {},
                      std::string_view third = {}, std::string_view fourth = {}) noexcept {
  return {{first, second, third, fourth}, {}, nullptr};
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

/// A row whose hashes need more than themselves.
constexpr Scheme of_row(std::string_view name, bool weak, Mark mark,
                        decltype(Scheme::row_reader) reader) noexcept {
  Scheme scheme{name, weak, mark, nullptr};
  scheme.row_reader = reader;
  return scheme;
}
/// Such a row that no hash bears a mark of.
constexpr Scheme named_only(std::string_view name, bool weak,
                            decltype(Scheme::row_reader) reader) noexcept {
  Scheme scheme = of_row(name, weak, {}, reader);
  scheme.named_only = true;
  return scheme;
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

    Scheme{"bcrypt", kStrong, prefix("$2y$", "$2a$", "$2b$", "$2x$"), parse_bcrypt, new_bcrypt},
    // WoltLab wrote it until 5.3, always with this cost. osTicket's bcrypt has it, too.
    Scheme{"woltlab-double-bcrypt", kStrong, prefix("$2a$08$"), parse_double_bcrypt},
    Scheme{"argon2id", kStrong, prefix("$argon2id$"), parse_argon2, new_argon2},
    Scheme{"argon2i", kStrong, prefix("$argon2i$"), parse_argon2, new_argon2},
    Scheme{"argon2d", kStrong, prefix("$argon2d$"), parse_argon2},
    // Nextcloud reads any of the three numbers before any of the three hashes.
    Scheme{"nextcloud-bcrypt", kStrong, prefix("1|$2"), parse_bcrypt, new_bcrypt, "1|"},
    Scheme{"nextcloud-bcrypt", kStrong, prefix("2|$2"), parse_bcrypt, new_bcrypt, "2|"},
    Scheme{"nextcloud-bcrypt", kStrong, prefix("3|$2"), parse_bcrypt, new_bcrypt, "3|"},
    Scheme{"nextcloud-argon2i", kStrong, prefix("2|$argon2i$"), parse_argon2, new_argon2, "2|"},
    Scheme{"nextcloud-argon2i", kStrong, prefix("1|$argon2i$"), parse_argon2, new_argon2, "1|"},
    Scheme{"nextcloud-argon2i", kStrong, prefix("3|$argon2i$"), parse_argon2, new_argon2, "3|"},
    Scheme{"nextcloud-argon2id", kStrong, prefix("3|$argon2id$"), parse_argon2, new_argon2, "3|"},
    Scheme{"nextcloud-argon2id", kStrong, prefix("1|$argon2id$"), parse_argon2, new_argon2, "1|"},
    Scheme{"nextcloud-argon2id", kStrong, prefix("2|$argon2id$"), parse_argon2, new_argon2, "2|"},
    // phpBB hashed the MD5 of the password on boards that were phpBB 2, and writes both alike.
    Scheme{"phpbb-combined", kStrong, prefix("$H\\2y$", "$H\\2a$"), parse_phpbb_combined,
           new_bcrypt, "", "$2y$"},
    Scheme{"phpbb2-combined", kStrong, prefix("$H\\2y$", "$H\\2a$"), parse_phpbb2_combined,
           new_bcrypt, "", "$2y$"},
    Scheme{"phpass-P", kStrong, prefix("$P$"), parse_phpass},
    Scheme{"phpass-H", kStrong, prefix("$H$"), parse_phpass},
    Scheme{"wordpress-wp-bcrypt", kStrong, prefix("$wp$2"), parse_wordpress, new_wordpress, "$wp"},
    Scheme{"drupal7-S", kStrong, prefix("$S$"), parse_drupal},
    Scheme{"drupal7-US", kStrong, prefix("U$S$", "U$P$", "U$H$"), parse_drupal_upgraded, nullptr,
           "U"},

    Scheme{"sha256crypt", kStrong, prefix("$5$"), parse_sha256_crypt, new_sha256_crypt},
    Scheme{"sha512crypt", kStrong, prefix("$6$", is_sha512_crypt), parse_sha512_crypt,
           new_sha512_crypt},
    Scheme{"movabletype-sha512", kWeak, prefix("$6$", is_movable_type), parse_movable_type},
    Scheme{"yescrypt", kStrong, prefix("$y$"), parse_yescrypt, new_yescrypt},
    Scheme{"scrypt-$7$", kStrong, prefix("$7$"), parse_scrypt_crypt},
    Scheme{"md5crypt", kWeak, prefix("$1$"), parse_md5_crypt},
    Scheme{"descrypt", kWeak, form(is_des_crypt), parse_des_crypt},
    Scheme{"apr1", kWeak, prefix("$apr1$"), parse_apr1},

    Scheme{"passlib-bcrypt-sha256", kStrong, prefix("$bcrypt-sha256$"), parse_passlib_bcrypt_sha256,
           new_passlib_bcrypt_sha256},
    Scheme{"phc-scrypt", kStrong, prefix("$scrypt$"), parse_phc_scrypt, new_phc_scrypt, "",
           "$scrypt$ln=15,r=8,p=1$$"},
    Scheme{"phc-bcrypt", kStrong, prefix("$bcrypt$"), parse_phc_bcrypt, new_phc_bcrypt},
    Scheme{"passlib-pbkdf2-sha1", kStrong, prefix("$pbkdf2$", "$pbkdf2-sha1$"), parse_passlib,
           new_passlib},
    Scheme{"passlib-pbkdf2-sha256", kStrong, prefix("$pbkdf2-sha256$"), parse_passlib, new_passlib},
    Scheme{"passlib-pbkdf2-sha512", kStrong, prefix("$pbkdf2-sha512$"), parse_passlib, new_passlib},

    Scheme{"lambdaworks-scrypt", kStrong, prefix("$s0$"), parse_spring_scrypt, nullptr, "$s0"},
    Scheme{"ruby-scrypt", kStrong, form(is_ruby_scrypt), parse_ruby_scrypt},
    Scheme{"seafile-pbkdf2", kStrong, prefix("PBKDF2SHA256$"), parse_seafile, new_seafile},
    Scheme{"otrs-bcrypt", kStrong, prefix("BCRYPT:"), parse_otrs_bcrypt, new_otrs_bcrypt},
    Scheme{"atlassian", kStrong, prefix("{PKCS5S2}"), parse_atlassian, nullptr, "{PKCS5S2}"},
    Scheme{"liferay-pbkdf2", kStrong, prefix("{PBKDF2WithHmacSHA1"), parse_liferay},
    Scheme{"liferay-pbkdf2", kStrong, form(is_liferay), parse_liferay},
    Scheme{"xenforo-digest", kWeak, prefix("a:", is_salted_xenforo), parse_salted_xenforo},
    Scheme{"xenforo", kStrong, prefix(R"(a:1:{s:4:"hash";)", R"({"hash":")"), parse_xenforo,
           new_xenforo},

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
    Scheme{"spring-ldap", kWeak, prefix("{ldap}{"), parse_spring_ldap, nullptr, "{ldap}"},
    // Encoders that are used alone write no id.
    Scheme{"spring-scrypt", kStrong, form(is_bare_spring_scrypt), parse_spring_scrypt},
    Scheme{"spring-pbkdf2-v5_5", kStrong, form(is_bare_spring_40), parse_spring_pbkdf2},
    Scheme{"spring-sha256", kWeak, form(is_bare_spring_40), parse_spring_sha256},
    Scheme{"spring-pbkdf2-v5_8", kStrong, form(is_bare_spring_48), parse_spring_pbkdf2_v5_8},
    Scheme{"spring-MD5", kWeak, prefix("{MD5}{"), parse_spring_digest},
    Scheme{"spring-SHA-1", kWeak, prefix("{SHA-1}"), parse_spring_digest},
    Scheme{"spring-SHA-256", kWeak, prefix("{SHA-256}"), parse_spring_digest},

    Scheme{"movabletype-sha1", kWeak, prefix("{SHA}", is_movable_type_sha), parse_movable_type_sha},
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
    Scheme{"dovecot-DES-CRYPT", kWeak, braces("DES-CRYPT"), parse_des_crypt, nullptr,
           "{DES-CRYPT}"},
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

    Scheme{"courier-MD5RAW", kWeak, braces("MD5RAW"), parse_ldap_digest},
    Scheme{"joomla-sha256salt", kWeak, prefix("{SHA256}", is_joomla_sha256), parse_joomla_sha256,
           nullptr, "{SHA256}"},

    Scheme{"mediawiki-pbkdf2", kStrong, prefix(":pbkdf2:"), parse_mediawiki_pbkdf2,
           new_mediawiki_pbkdf2},
    Scheme{"mediawiki-layered", kStrong, prefix(":pbkdf2-legacyA:", ":pbkdf2-legacyB:"),
           parse_mediawiki_layered, new_mediawiki_pbkdf2},
    Scheme{"mediawiki-bcrypt", kStrong, prefix(":bcrypt:"), parse_mediawiki_bcrypt,
           new_mediawiki_bcrypt},
    Scheme{"mediawiki-argon2", kStrong, prefix(":argon2:"), parse_argon2, new_argon2, ":argon2:"},
    Scheme{"mediawiki-A", kWeak, prefix(":A:"), parse_mediawiki_a},
    Scheme{"mediawiki-B", kWeak, prefix(":B:"), parse_mediawiki_b},

    Scheme{"woltlab-Bcrypt", kStrong, prefix("Bcrypt:"), parse_bcrypt, new_bcrypt, "Bcrypt:"},
    Scheme{"woltlab-Argon2", kStrong, prefix("Argon2:"), parse_argon2, new_argon2, "Argon2:"},
    Scheme{"woltlab-Pbkdf2", kStrong, prefix("Pbkdf2:"), parse_woltlab_pbkdf2, new_woltlab_pbkdf2},
    Scheme{"woltlab-double-bcrypt", kStrong, prefix("DoubleBcrypt:"), parse_double_bcrypt, nullptr,
           "DoubleBcrypt:"},
    Scheme{"woltlab-double-bcrypt", kStrong, prefix("wcf2:"), parse_double_bcrypt, nullptr,
           "wcf2:"},

    Scheme{"rt-bcrypt", kStrong, prefix("!bcrypt!"), parse_rt_bcrypt, new_rt_bcrypt},
    Scheme{"rt-sha512", kWeak, prefix("!sha512!"), parse_rt_sha512},
    Scheme{"rt-truncated-sha256", kWeak, form(is_rt_truncated), parse_rt_truncated},
    Scheme{"rt-md5", kWeak, form(is_rt_md5), parse_rt_md5},

    Scheme{"aspnet-identity-v3", kStrong, form(is_aspnet_v3), parse_aspnet_v3, new_aspnet_v3},
    Scheme{"aspnet-identity-v2", kWeak, form(is_aspnet_v2), parse_aspnet_v2},
    of_row("keycloak", kStrong, prefix("{\""), parse_keycloak),
    Scheme{"xwiki", kWeak, prefix("hash:"), parse_xwiki, nullptr, "hash:"},
    Scheme{"bugzilla", kWeak, form(is_bugzilla), parse_bugzilla},
    Scheme{"ttrss-SHA1", kWeak, prefix("SHA1:"), parse_ttrss_sha1},
    of_row("ttrss-SHA1X", kWeak, prefix("SHA1X:"), parse_ttrss_sha1x),
    of_row("ttrss-salted", kWeak, prefix("MODE2:", "SSHA-256:", "SSHA-512:"), parse_ttrss_salted),

    Scheme{"better-auth", kStrong, form(is_better_auth), parse_better_auth, new_better_auth},
    Scheme{"magento", kStrong, form(is_strong_magento), parse_magento, new_magento},
    Scheme{"magento-digest", kWeak, form(is_weak_magento), parse_magento},
    of_row("grafana", kStrong, form(is_fifty_bytes), parse_grafana),
    of_row("gitea", kStrong, form(is_fifty_bytes), parse_gitea),
    of_row("gitea-v1", kStrong, form(is_fifty_bytes), parse_gitea_without_algorithm),
    of_row("processwire", kStrong, form(is_processwire), parse_processwire),
    of_row("espocrm", kStrong, form(is_espocrm), parse_espocrm),
    named_only("pbkdf2", kStrong, parse_pbkdf2_column),
    named_only("pbkdf2-weak", kWeak, parse_pbkdf2_column),
    named_only("symfony", kStrong, parse_symfony),
    named_only("symfony-weak", kWeak, parse_symfony),
    named_only("nested-digest", kWeak, parse_nested_digest),

    // Joomla and OpenMage write `hex:salt` alike, with different arithmetic.
    Scheme{"joomla-md5salt", kWeak, form(is_joomla_md5), parse_joomla_md5},
    Scheme{"openmage-md5", kWeak, form(is_joomla_md5), parse_openmage},
    Scheme{"openmage-sha", kWeak, form(is_openmage_sha), parse_openmage},
    Scheme{"raw-md5", kWeak, form(is_raw_md5), parse_raw_md5},
    Scheme{"raw-sha1", kWeak, form(is_raw_sha1), parse_raw_sha},
    Scheme{"raw-sha256", kWeak, form(is_raw_sha256), parse_raw_sha},
    Scheme{"raw-sha512", kWeak, form(is_raw_sha512), parse_raw_sha},
    Scheme{"glpi-sha1", kWeak, form(is_glpi), parse_glpi},
    Scheme{"mysql41", kWeak, form(is_mysql41), parse_mysql41},
};

/// Gives the text that the writer sees where there is no old hash.
std::string_view opening_of(const Scheme& scheme) noexcept {
  if (!scheme.opening.empty()) return scheme.opening;
  const std::string_view first = scheme.mark.prefixes.front();
  return first.substr(std::min(first.size(), scheme.wrapper.size()));
}

/// The new hash in the encoding that the old one has: `{BLF-CRYPT.B64}`.
std::optional<NewHash> encoded_as(const DecodedBraces& old, NewHash made) {
  if (made.finish != nullptr || !made.before.starts_with('{')) return std::nullopt;
  made.inside.insert(0, made.before.substr(made.before.find('}') + 1));
  made.before = old.opening;
  made.finish = old.hex ? hex_encode : base64_encode;
  return made;
}

/// The rows by the first byte of their hashes.
class RowsByFirstByte {
 public:
  RowsByFirstByte() {
    for (const Scheme& scheme : kSchemes) {
      for (std::size_t byte = 0; byte < rows_.size(); ++byte) {
        if (begins_with(scheme, static_cast<char>(byte))) rows_.at(byte).push_back(&scheme);
      }
    }
  }
  [[nodiscard]] std::span<const Scheme* const> of(char byte) const noexcept {
    return rows_[static_cast<unsigned char>(byte)];
  }

 private:
  static bool begins_with(const Scheme& scheme, char byte) noexcept {
    if (scheme.named_only) return false;
    if (!scheme.mark.braces.empty()) return byte == '{';
    const auto& prefixes = scheme.mark.prefixes;
    if (prefixes.front().empty()) return true;
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view each) { return each.starts_with(byte); });
  }

  std::array<std::vector<const Scheme*>, 256> rows_;
};

}  // namespace

bool Scheme::recognises(std::string_view hash) const noexcept {
  if (named_only) return false;
  const auto& prefixes = mark.prefixes;
  const bool begins = std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view each) {
    return !each.empty() && hash.starts_with(each);
  });
  if (!begins && !prefixes.front().empty()) return false;
  if (!mark.braces.empty() && !has_braces(hash, mark.braces)) return false;
  return mark.condition == nullptr || mark.condition(hash);
}

std::optional<StoredHash> Scheme::parse(std::string_view hash, const SchemeInput& input) const {
  // Capitals do not count here, since LDAP and Dovecot write `{NAME}` in any case. Where the mark
  // is case-sensitive, recognises() has looked at the case.
  if (!equal_ignoring_case(hash.substr(0, wrapper.size()), wrapper)) return std::nullopt;
  const std::string_view inner = hash.substr(wrapper.size());
  return row_reader == nullptr ? reader(inner) : row_reader(inner, input);
}

std::optional<NewHash> Scheme::new_hash(std::string_view old, const Strength& strength) const {
  if (writer == nullptr) return std::nullopt;
  if (const auto decoded = decode_braces(old)) {
    auto made = new_hash(decoded->hash, strength);
    return made ? encoded_as(*decoded, *std::move(made)) : std::nullopt;
  }
  const std::string_view front = old.empty() ? wrapper : old.substr(0, wrapper.size());
  auto made = writer(old.empty() ? opening_of(*this) : old.substr(front.size()), strength);
  if (!made || !made->kdf) return std::nullopt;
  made->before.insert(0, front);
  return made;
}

std::span<const Scheme> schemes() noexcept {
  return kSchemes;
}

std::span<const Scheme* const> schemes_beginning_with(char first) noexcept {
  static const RowsByFirstByte rows;
  return rows.of(first);
}

const Scheme* find_scheme(std::string_view hash) noexcept {
  if (hash.size() > kLongestHash || hash.empty()) return nullptr;
  for (const Scheme* const scheme : schemes_beginning_with(hash.front())) {
    if (scheme->recognises(hash)) return scheme;
  }
  return nullptr;
}

const Scheme* scheme_named(std::string_view name) noexcept {
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(),
                                         [&](const Scheme& scheme) { return scheme.name == name; });
  return found == kSchemes.end() ? nullptr : found;
}

}  // namespace gatehouse::password
