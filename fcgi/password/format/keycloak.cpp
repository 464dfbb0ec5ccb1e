#include "password/format/keycloak.h"

#include <string>
#include <utility>

#include "password/format/base64.h"
#include "password/format/column_text.h"
#include "password/format/fields.h"
#include "password/kdf/argon2.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

/// The length of the object at the front of the text, braces included; 0 if it is not closed.
std::size_t object_length(std::string_view text) noexcept {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '}')) {
      depth += c == '{' ? 1 : -1;
      if (depth == 0) return i + 1;
    }
    if (depth == 0) return 0;
  }
  return 0;
}

/// The text or number behind `"name":`, or the first one of a list. Texts with a backslash are
/// none: base64 and numbers have none.
std::string_view member(std::string_view object, std::string_view name) {
  const std::string key = '"' + std::string(name) + '"';
  const auto at = object.find(key);
  if (at == std::string_view::npos) return {};
  std::string_view rest = object.substr(at + key.size());
  const auto begin = rest.find_first_not_of(" \t\r\n:[");
  if (begin == std::string_view::npos) return {};
  rest.remove_prefix(begin);
  const bool text = rest.starts_with('"');
  if (text) rest.remove_prefix(1);
  const auto end = rest.find_first_of(text ? "\"\\" : ",]} \t\r\n");
  return end == std::string_view::npos || rest[end] == '\\' ? std::string_view()
                                                            : rest.substr(0, end);
}

KdfPointer argon2_of(std::string_view credential, std::uint64_t passes) {
  const auto memory = parse_count(member(credential, "memory"));
  const auto lanes = parse_count(member(credential, "parallelism"));
  const std::string_view type = member(credential, "type");
  const std::string_view version = member(credential, "version");
  if (!memory || !lanes || (version != "1.3" && version != "1.0")) return nullptr;
  if (type != "id" && type != "i" && type != "d") return nullptr;
  return make_argon2({type == "id"  ? Argon2Variant::id
                      : type == "i" ? Argon2Variant::i
                                    : Argon2Variant::d,
                      version == "1.3" ? kArgon2Version13 : kArgon2Version10, *memory, passes,
                      *lanes});
}

KdfPointer pbkdf2_of(std::string_view algorithm, std::uint64_t rounds, std::size_t length) {
  constexpr std::string_view kName = "pbkdf2-";
  if (algorithm == "pbkdf2") return make_pbkdf2(Digest::sha1, rounds, length);
  const auto digest =
      algorithm.starts_with(kName) ? digest_named(algorithm.substr(kName.size())) : std::nullopt;
  return digest && *digest != Digest::md5 ? make_pbkdf2(*digest, rounds, length) : nullptr;
}

}  // namespace

std::optional<StoredHash> parse_keycloak(std::string_view hash, const SchemeInput& input) {
  constexpr std::string_view kUsual =
      R"({"hashIterations":5,"algorithm":"argon2","additionalParameters":{"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}})";
  const std::size_t length = object_length(hash);
  if (length == 0) return std::nullopt;
  const std::string_view secret = hash.substr(0, length);
  const auto behind = hash.find_first_not_of(" \n", length);
  const std::string_view credential =
      behind == std::string_view::npos ? salt_of(input, kUsual).value_or("") : hash.substr(behind);
  const bool blanks_alone = behind == std::string_view::npos && length < hash.size();
  if (blanks_alone || object_length(credential) != credential.size()) return std::nullopt;
  auto digest = base64_decode(member(secret, "value"));
  auto salt = base64_decode(member(secret, "salt"));
  const auto rounds = parse_count(member(credential, "hashIterations"));
  if (!digest || !salt || !rounds || *rounds == 0 || digest->size() < 16 || digest->size() > 64) {
    return std::nullopt;
  }
  const std::string_view algorithm = member(credential, "algorithm");
  auto kdf = algorithm == "argon2" ? argon2_of(credential, *rounds)
                                   : pbkdf2_of(algorithm, *rounds, digest->size());
  if (!kdf) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

}  // namespace gatehouse::password
