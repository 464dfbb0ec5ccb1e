#include "password/format/aspnet.h"

#include <array>
#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSubkeyBytes = 32;
constexpr std::size_t kFewestSubkeyBytes = 16;
constexpr std::size_t kMostSubkeyBytes = 64;
constexpr std::size_t kHeaderBytes = 13;
constexpr std::array kDigests = {Digest::sha1, Digest::sha256, Digest::sha512};

std::string number_text(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>((value >> shift) & 0xffU);
  }
  return bytes;
}

}  // namespace

bool is_aspnet_v2(std::string_view hash) noexcept {
  constexpr std::size_t kLetters = 68;  // of 49 bytes
  return hash.size() == kLetters && hash.starts_with('A') && hash.ends_with("==") &&
         hash[1] >= 'A' && hash[1] <= 'P';
}

std::optional<StoredHash> parse_aspnet_v2(std::string_view hash) {
  constexpr std::uint64_t kRounds = 1000;
  const auto bytes = base64_decode(hash);
  if (!bytes || bytes->size() != 1 + kSaltBytes + kSubkeyBytes || bytes->front() != '\0') {
    return std::nullopt;
  }
  return StoredHash{make_pbkdf2(Digest::sha1, kRounds, kSubkeyBytes), bytes->substr(1, kSaltBytes),
                    bytes->substr(1 + kSaltBytes)};
}

bool is_aspnet_v3(std::string_view hash) noexcept {
  constexpr std::size_t kFewestLetters = 52;  // of a header, 8 bytes of salt and the subkey
  return hash.starts_with("AQAAAA") && hash.size() >= kFewestLetters;
}

std::optional<StoredHash> parse_aspnet_v3(std::string_view hash) {
  const auto bytes = base64_decode(hash);
  if (!bytes || bytes->size() < kHeaderBytes || bytes->front() != '\x01') return std::nullopt;
  const std::uint32_t digest = big_endian_at(*bytes, 1);
  const std::uint32_t rounds = big_endian_at(*bytes, 5);
  const std::uint32_t salt_bytes = big_endian_at(*bytes, 9);
  if (digest >= kDigests.size() || rounds == 0 || salt_bytes < 8 ||
      salt_bytes > kHeaderBytes * 16 || bytes->size() < kHeaderBytes + salt_bytes) {
    return std::nullopt;
  }
  // Identity takes what follows the salt for the subkey, whatever its length. Where the base64 has
  // no padding, another length than the usual ones could be that of a cut hash.
  const std::size_t subkey = bytes->size() - kHeaderBytes - salt_bytes;
  const bool usual = subkey == kSubkeyBytes || subkey == kMostSubkeyBytes;
  if (subkey < kFewestSubkeyBytes || subkey > kMostSubkeyBytes) return std::nullopt;
  if (!usual && !hash.ends_with('=')) return std::nullopt;
  return StoredHash{make_pbkdf2(kDigests.at(digest), rounds, subkey),
                    bytes->substr(kHeaderBytes, salt_bytes),
                    bytes->substr(kHeaderBytes + salt_bytes)};
}

namespace {

/// The header and the salt are part of the base64, so the text is written as a whole.
std::string whole(std::string_view bytes) {
  return base64_encode(bytes);
}

}  // namespace

std::optional<NewHash> new_aspnet_v3(std::string_view /*old*/, const Strength& strength) {
  constexpr std::uint32_t kSha512 = 2;
  const std::uint64_t rounds = pbkdf2_rounds(Digest::sha512, strength);
  std::string salt = random_bytes(kSaltBytes);
  NewHash made{make_pbkdf2(Digest::sha512, rounds, kSubkeyBytes), salt, kSubkeyBytes, "",
               raw_digest};
  made.inside = '\x01' + number_text(kSha512) + number_text(static_cast<std::uint32_t>(rounds)) +
                number_text(static_cast<std::uint32_t>(kSaltBytes)) + salt;
  made.finish = whole;
  return made;
}

}  // namespace gatehouse::password
