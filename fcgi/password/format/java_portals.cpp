#include "password/format/java_portals.h"

#include <utility>

#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kLiferaySalt = 8;
constexpr std::size_t kLiferayHeader = 8;
constexpr std::size_t kFewestLiferayKey = 16;
constexpr std::size_t kMostLiferayKey = 64;

}  // namespace

std::optional<StoredHash> parse_atlassian(std::string_view hash) {
  constexpr std::uint64_t kRounds = 10'000;
  constexpr std::size_t kSalt = 16;
  constexpr std::size_t kKey = 32;
  const auto bytes = base64_decode(hash);
  if (!bytes || bytes->size() != kSalt + kKey) return std::nullopt;
  return StoredHash{make_pbkdf2(Digest::sha1, kRounds, kKey), bytes->substr(0, kSalt),
                    bytes->substr(kSalt)};
}

bool is_liferay(std::string_view hash) noexcept {
  constexpr std::size_t kFewestLetters =
      4 * (kLiferayHeader + kLiferaySalt + kFewestLiferayKey) / 3;
  constexpr std::size_t kMostLetters =
      4 * (kLiferayHeader + kLiferaySalt + kMostLiferayKey + 2) / 3;
  return hash.starts_with("AAA") && hash.size() >= kFewestLetters && hash.size() <= kMostLetters &&
         hash.size() % 4 == 0;
}

std::optional<StoredHash> parse_liferay(std::string_view hash) {
  const auto end = hash.starts_with('{') ? hash.find('}') : std::string_view::npos;
  if (end != std::string_view::npos) hash.remove_prefix(end + 1);
  const auto bytes = is_liferay(hash) ? base64_decode(hash) : std::nullopt;
  constexpr std::size_t kBeforeKey = kLiferayHeader + kLiferaySalt;
  if (!bytes || bytes->size() < kBeforeKey) return std::nullopt;
  const std::size_t key = big_endian_at(*bytes, 0) / 8;
  const std::uint32_t rounds = big_endian_at(*bytes, 4);
  if (big_endian_at(*bytes, 0) % 8 != 0 || key < kFewestLiferayKey || key > kMostLiferayKey ||
      rounds == 0 || bytes->size() != kBeforeKey + key) {
    return std::nullopt;
  }
  return StoredHash{make_pbkdf2(Digest::sha1, rounds, key),
                    bytes->substr(kLiferayHeader, kLiferaySalt), bytes->substr(kBeforeKey)};
}

}  // namespace gatehouse::password
