#include "password/format/ldap.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

enum class Encoding { by_length, hex, base64 };

/// The parts of `{NAME}text` or `{NAME.ENCODING}text`.
struct Braced {
  std::string name;  ///< lower case
  Encoding encoding = Encoding::by_length;
  std::string_view text;
};
std::optional<Braced> parse_braced(std::string_view hash) {
  const auto end = hash.find('}');
  if (!hash.starts_with('{') || end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = hash.substr(1, end - 1);
  const auto dot = std::min(inside.find('.'), inside.size());
  const std::string encoding = ascii_lower(inside.substr(dot));
  Braced braced{ascii_lower(inside.substr(0, dot)), Encoding::by_length, hash.substr(end + 1)};
  if (encoding.empty()) return braced;
  if (encoding != ".hex" && encoding != ".b64" && encoding != ".base64") return std::nullopt;
  braced.encoding = encoding == ".hex" ? Encoding::hex : Encoding::base64;
  return braced;
}

struct Named {
  std::string_view name;
  Digest digest;
};
template <std::size_t Count>
std::optional<Digest> find(const std::array<Named, Count>& names, std::string_view name) {
  for (const Named& each : names) {
    if (each.name == name) return each.digest;
  }
  return std::nullopt;
}

constexpr std::array kPlain = {
    Named{"sha", Digest::sha1},      Named{"sha1", Digest::sha1},
    Named{"sha256", Digest::sha256}, Named{"sha512", Digest::sha512},
    Named{"ldap-md5", Digest::md5},  Named{"plain-md5", Digest::md5},
    Named{"md5", Digest::md5},       Named{"plain-md4", Digest::md4},
    Named{"md5raw", Digest::md5},
};
constexpr std::array kSalted = {
    Named{"ssha", Digest::sha1},
    Named{"ssha256", Digest::sha256},
    Named{"ssha512", Digest::sha512},
    Named{"smd5", Digest::md5},
};

/// Gives the text after `{NAME}`, in any case; nothing if the hash begins with something else.
std::optional<std::string_view> after_braces(std::string_view hash,
                                             std::string_view name) noexcept {
  if (!has_braces(hash, name) || hash[name.size() + 1] != '}') return std::nullopt;
  return hash.substr(name.size() + 2);
}

}  // namespace

bool has_braces(std::string_view hash, std::string_view name) noexcept {
  return hash.size() >= name.size() + 2 && hash.front() == '{' &&
         equal_ignoring_case(hash.substr(1, name.size()), name) &&
         (hash[name.size() + 1] == '}' || hash[name.size() + 1] == '.');
}

std::optional<DecodedBraces> decode_braces(std::string_view hash) {
  if (!hash.starts_with('{')) return std::nullopt;
  const auto end = hash.find('}');
  const auto braced = parse_braced(hash);
  if (!braced || braced->encoding == Encoding::by_length) return std::nullopt;
  const bool digest = find(kPlain, braced->name) || find(kSalted, braced->name);
  // MD5 of Dovecot is a text of crypt(3), unless it has a digest's length.
  const bool hex = braced->encoding == Encoding::hex;
  auto text = hex ? hex_decode(braced->text) : base64_decode(braced->text);
  if (!text || (digest && !text->starts_with("$1$"))) return std::nullopt;
  const std::string_view name = hash.substr(1, std::min(hash.find('.'), end) - 1);
  return DecodedBraces{std::string(hash.substr(0, end + 1)), fmt::format("{{{}}}{}", name, *text),
                       hex};
}

bool is_dovecot_pbkdf2(std::string_view hash) noexcept {
  return after_braces(hash, "PBKDF2").value_or("").starts_with('$');
}

bool is_ldap_argon2(std::string_view hash) noexcept {
  return !hash.starts_with("{argon2}");
}

bool is_crypt_of_a_strong_hash(std::string_view hash) noexcept {
  return is_strong_crypt(after_braces(hash, "CRYPT").value_or(""));
}

bool is_readable_md4(std::string_view /*hash*/) noexcept {
  return has_md4();
}

std::optional<StoredHash> parse_ldap_digest(std::string_view hash) {
  const auto braced = parse_braced(hash);
  const auto digest = braced ? find(kPlain, braced->name) : std::nullopt;
  if (!digest || (*digest == Digest::md4 && !has_md4())) return std::nullopt;
  const std::size_t size = digest_size(*digest);
  const bool hex = braced->encoding == Encoding::hex ||
                   (braced->encoding == Encoding::by_length && braced->text.size() == 2 * size);
  auto bytes = hex ? hex_decode(braced->text) : base64_decode(braced->text);
  if (!bytes || bytes->size() != size) return std::nullopt;
  return StoredHash{make_simple(*digest, Arrangement::password), "", *std::move(bytes)};
}

std::optional<StoredHash> parse_ldap_salted(std::string_view hash) {
  const auto braced = parse_braced(hash);
  const auto digest = braced ? find(kSalted, braced->name) : std::nullopt;
  if (!digest) return std::nullopt;
  const auto bytes =
      braced->encoding == Encoding::hex ? hex_decode(braced->text) : base64_decode(braced->text);
  const std::size_t size = digest_size(*digest);
  if (!bytes || bytes->size() <= size) return std::nullopt;
  return StoredHash{make_simple(*digest, Arrangement::password_then_salt), bytes->substr(size),
                    bytes->substr(0, size)};
}

std::optional<StoredHash> parse_dovecot_md5(std::string_view hash) {
  const auto inner = after_braces(hash, "MD5");
  return inner && inner->starts_with("$1$") ? parse_md5_crypt(*inner) : parse_ldap_digest(hash);
}

std::optional<StoredHash> parse_dovecot_pbkdf2(std::string_view hash) {
  const auto text = after_braces(hash, "PBKDF2");
  const auto fields = text ? split<5>(*text, '$') : std::nullopt;
  if (!fields || !fields->at(0).empty() || fields->at(1) != "1") return std::nullopt;
  const auto rounds = parse_count(fields->at(3));
  auto digest = hex_decode(fields->at(4));
  const std::size_t size = digest_size(Digest::sha1);
  if (!rounds || *rounds == 0 || !digest || digest->size() != size) return std::nullopt;
  return StoredHash{make_pbkdf2(Digest::sha1, *rounds, size), std::string(fields->at(2)),
                    *std::move(digest)};
}

std::optional<NewHash> new_dovecot_pbkdf2(std::string_view /*old*/, const Strength& strength) {
  const std::uint64_t rounds = pbkdf2_rounds(Digest::sha1, strength);
  const std::size_t size = digest_size(Digest::sha1);
  std::string salt = random_letters(kSaltLetters);
  std::string before = fmt::format("{{PBKDF2}}$1${}${}$", salt, rounds);
  return NewHash{make_pbkdf2(Digest::sha1, rounds, size), std::move(salt), size, std::move(before),
                 hex_encode};
}

}  // namespace gatehouse::password
