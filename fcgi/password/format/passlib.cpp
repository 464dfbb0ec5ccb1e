#include "password/format/passlib.h"

#include <string>
#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

/// `rounds$salt$digest`.
std::optional<StoredHash> parse(std::optional<Digest> digest, std::string_view text) {
  const auto fields = split<3>(text, '$');
  if (!digest || !fields) return std::nullopt;
  const auto rounds = parse_count(fields->at(0));
  auto salt = adapted_base64_decode(fields->at(1));
  auto bytes = adapted_base64_decode(fields->at(2));
  const std::size_t size = digest_size(*digest);
  if (!rounds || *rounds == 0 || !salt || !bytes || bytes->size() != size) return std::nullopt;
  return StoredHash{make_pbkdf2(*digest, *rounds, size), *std::move(salt), *std::move(bytes)};
}

std::optional<Digest> digest_of_name(std::string_view name) {
  constexpr std::string_view kPrefix = "pbkdf2-";
  if (name == "pbkdf2" || name == "pbkdf2-sha1") return Digest::sha1;
  const auto digest =
      name.starts_with(kPrefix) ? digest_named(name.substr(kPrefix.size())) : std::nullopt;
  return digest == Digest::sha256 || digest == Digest::sha512 ? digest : std::nullopt;
}

}  // namespace

std::optional<StoredHash> parse_passlib(std::string_view hash) {
  const auto end = hash.find('$', 1);
  if (!hash.starts_with('$') || end == std::string_view::npos) return std::nullopt;
  return parse(digest_of_name(hash.substr(1, end - 1)), hash.substr(end + 1));
}

std::optional<StoredHash> parse_passlib_ldap(std::string_view hash) {
  const auto end = hash.find('}');
  if (!hash.starts_with('{') || end == std::string_view::npos) return std::nullopt;
  return parse(digest_of_name(ascii_lower(hash.substr(1, end - 1))), hash.substr(end + 1));
}

}  // namespace gatehouse::password
