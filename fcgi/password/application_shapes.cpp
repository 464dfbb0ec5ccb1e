#include "password/application_shapes.h"

#include <array>

namespace gatehouse::password {
namespace {

constexpr std::array kShapes = {
    ApplicationShape{"WordPress", "slash,trim", ""},
    ApplicationShape{"Piwigo", "slash", ""},
    ApplicationShape{"Drupal, TYPO3 or OpenCart 4", "trim", ""},
    ApplicationShape{"phpBB 3.3", "newlines,no-nul,no-bom,html,nfc,trim", ""},
    ApplicationShape{"phpBB up to 3.3.7", "newlines,no-nul,html", ""},
    ApplicationShape{"MediaWiki", "newlines,nfc", ""},
    ApplicationShape{"Moodle with a pepper", "append(key,none)", ""},
    ApplicationShape{"Moodle up to 2.4", "", "md5(password + key)"},
    ApplicationShape{"Devise with a pepper, ProcessWire or ownCloud", "append(key)", ""},
    ApplicationShape{"an application that puts its pepper in front", "prepend(key)", ""},
    ApplicationShape{"PrestaShop 1.6", "no-nul,unslash,trim", "md5(key + password)"},
    ApplicationShape{"PrestaShop 1.7 and later", "no-nul,unslash,trim", ""},
    ApplicationShape{"Dolibarr", "", "md5(key + password)"},
    ApplicationShape{"CakePHP 2", "", "sha1(key + password)"},
    ApplicationShape{"OpenCart 2 and 3", "html", "sha1(salt + sha1(salt + sha1(password)))"},
    ApplicationShape{"OpenCart 1", "html", ""},
    ApplicationShape{"MyBB or Invision", "", "md5(md5(salt) + md5(password))"},
    ApplicationShape{"Invision 3, with entities", "invision", "md5(md5(salt) + md5(password))"},
    ApplicationShape{"Invision 2, with entities", "invision", "md5(md5(password) + salt)"},
    ApplicationShape{"Pimcore", "md5(name + ':pimcore:' + password)", ""},
    ApplicationShape{"Kohana 3", "", "hmac-sha256(key, password)"},
    ApplicationShape{"Dotclear 2", "", "hmac-sha1(key, password)"},
    ApplicationShape{"PHP-Fusion 7 to 9", "", "hmac-sha256(salt, password)"},
    ApplicationShape{"SMF 1.0", "", "hmac-md5(lower(name), password)"},
    ApplicationShape{"vBulletin up to 5.0 or Invision 2", "", "md5(md5(password) + salt)"},
    ApplicationShape{"vBulletin up to 5.0, with entities", "html", "md5(md5(password) + salt)"},
    ApplicationShape{"Matomo, SuiteCRM 8 or vBulletin 5.1", "md5", ""},
    ApplicationShape{"SuiteCRM 7", "suitecrm,md5", ""},
    ApplicationShape{"SMF 2.1", "html-decode,prepend({name:lower})", ""},
    ApplicationShape{"SMF 2.0", "html-decode", "sha1(lower(name) + password)"},
    ApplicationShape{"XenForo 1.0", "", "sha256(sha256(password) + salt)"},
    ApplicationShape{"XenForo 1.0 with SHA-1", "", "sha1(sha1(password) + salt)"},
    ApplicationShape{"Redmine", "", "sha1(salt + sha1(password))"},
    ApplicationShape{"Guacamole", "", "sha256(password + upper(hex(salt)))"},
    ApplicationShape{"Guacamole with HEX() AS salt", "", "sha256(password + salt)"},
    ApplicationShape{"MediaWiki's bare MD5, with the id AS salt", "",
                     "md5(salt + '-' + md5(password))"},
    ApplicationShape{"a salt and MD5", "", "md5(salt + password)"},
    ApplicationShape{"MD5 and a salt", "", "md5(password + salt)"},
    ApplicationShape{"a salt and SHA-1", "", "sha1(salt + password)"},
    ApplicationShape{"SHA-1 and a salt", "", "sha1(password + salt)"},
    ApplicationShape{"SPIP or Tiny Tiny RSS", "", "sha256(salt + password)"},
    ApplicationShape{"Grafana", "", "grafana"},
    ApplicationShape{"Gitea", "", "gitea"},
    ApplicationShape{"Symfony's auto", "sha512(base64, over-72)", ""},
    ApplicationShape{"Symfony 2 to 4", "", "symfony(sha512, 5000)"},
    ApplicationShape{"Symfony's PBKDF2", "", "pbkdf2(sha512, 1000, 40)"},
    ApplicationShape{"TYPO3's bcrypt", "trim,sha384(base64,none)", ""},
    ApplicationShape{"Myth:Auth", "sha384(base64)", ""},
    ApplicationShape{"Flask-Security", "nfkd,hmac-sha512(key, base64)", ""},
    ApplicationShape{"SPIP 4", "hmac-sha256(key)", ""},
    ApplicationShape{"an application that brings letters into form C", "nfc", ""},
    ApplicationShape{"an application that brings letters into form KC", "nfkc", ""},
    ApplicationShape{"an application that takes letters apart", "nfd", ""},
    ApplicationShape{"an application that takes letters apart (form KD)", "nfkd", ""},
    ApplicationShape{"an application that hashes what is typed", "", ""},
};

}  // namespace

std::span<const ApplicationShape> application_shapes() noexcept {
  return kShapes;
}

}  // namespace gatehouse::password
