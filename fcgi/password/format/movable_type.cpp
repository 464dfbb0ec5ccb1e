#include "password/format/movable_type.h"

#include <string>
#include <utility>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kSha = "{SHA}";

std::optional<StoredHash> salted(Digest digest, std::string_view salt,
                                 std::optional<std::string> bytes) {
  if (!bytes || bytes->size() != digest_size(digest)) return std::nullopt;
  return StoredHash{make_simple(digest, Arrangement::salt_then_password), std::string(salt),
                    *std::move(bytes)};
}

}  // namespace

bool is_movable_type(std::string_view hash) noexcept {
  constexpr std::size_t kLetters = 86;
  const auto dollar = hash.rfind('$');
  return hash.starts_with("$6$") && dollar > 2 && hash.size() == dollar + 1 + kLetters &&
         std::string_view("AQgw").find(hash.back()) != std::string_view::npos;
}

std::optional<StoredHash> parse_movable_type(std::string_view hash) {
  const auto fields = split<4>(hash, '$');
  if (!fields || !is_movable_type(hash)) return std::nullopt;
  return salted(Digest::sha512, fields->at(2), base64_decode_unpadded(fields->at(3)));
}

bool is_movable_type_sha(std::string_view hash) noexcept {
  return hash.starts_with(kSha) && hash.find('$') != std::string_view::npos;
}

std::optional<StoredHash> parse_movable_type_sha(std::string_view hash) {
  if (!is_movable_type_sha(hash)) return std::nullopt;
  const auto fields = split<2>(hash.substr(kSha.size()), '$');
  if (!fields) return std::nullopt;
  return salted(Digest::sha1, fields->at(0), hex_decode(fields->at(1)));
}

}  // namespace gatehouse::password
