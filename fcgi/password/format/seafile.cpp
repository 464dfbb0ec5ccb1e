#include "password/format/seafile.h"

#include <fmt/core.h>

#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kName = "PBKDF2SHA256";
constexpr std::size_t kBytes = 32;

}  // namespace

std::optional<StoredHash> parse_seafile(std::string_view hash) {
  const auto fields = split<4>(hash, '$');
  if (!fields || fields->at(0) != kName) return std::nullopt;
  const auto rounds = parse_count(fields->at(1));
  auto salt = hex_decode(fields->at(2));
  auto digest = hex_decode(fields->at(3));
  if (!rounds || *rounds == 0 || !salt || salt->size() != kBytes || !digest ||
      digest->size() != kBytes) {
    return std::nullopt;
  }
  return StoredHash{make_pbkdf2(Digest::sha256, *rounds, kBytes), *std::move(salt),
                    *std::move(digest)};
}

std::optional<NewHash> new_seafile(std::string_view /*old*/, const Strength& strength) {
  const std::uint64_t rounds = pbkdf2_rounds(Digest::sha256, strength);
  std::string salt = random_bytes(kBytes);
  std::string before = fmt::format("{}${}${}$", kName, rounds, hex_encode(salt));
  return NewHash{make_pbkdf2(Digest::sha256, rounds, kBytes), std::move(salt), kBytes,
                 std::move(before), hex_encode};
}

}  // namespace gatehouse::password
