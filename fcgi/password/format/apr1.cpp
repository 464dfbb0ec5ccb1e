#include "password/format/apr1.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "password/format/fields.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/crypt_rounds.h"
#include "password/kdf/digest.h"
#include "password/kdf/engine.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kMagic = "$apr1$";
constexpr unsigned kApr1Rounds = 1000;
constexpr std::size_t kMostSalt = 8;

/// The digest of the password, the magic word and the salt, then as many bytes of `mixed` as the
/// password has, and then for each bit of the password's length a NUL byte or its first byte.
std::string first_digest(std::string_view password, std::string_view salt, std::string_view mixed) {
  std::string tail;
  // Growing would leave copies of the password behind.
  tail.reserve(password.size() + 8 * sizeof password.size());
  for (std::size_t left = password.size(); left > 0; left -= std::min(left, mixed.size())) {
    tail += mixed.substr(0, left);
  }
  for (std::size_t bits = password.size(); bits > 0; bits >>= 1U) {
    tail += (bits & 1U) != 0 ? '\0' : password.front();
  }
  const Secret wiped(std::move(tail));
  return digest_of(Digest::md5, {password, kMagic, salt, wiped.view()});
}

std::string next_digest(unsigned round, std::string_view password, std::string_view salt,
                        std::string_view before) {
  const bool odd = round % 2 != 0;
  return digest_of(Digest::md5, {odd ? password : before, round % 3 != 0 ? salt : "",
                                 round % 7 != 0 ? password : "", odd ? before : password});
}

/// MD5-crypt writes groups of three bytes in an order of its own, low bits first, and the last byte
/// alone.
std::string encode(std::string_view bytes) {
  constexpr std::array<std::array<std::size_t, 3>, 5> kGroups = {
      {{0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}}};
  const auto at = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(bytes[i])};
  };
  std::string text;
  const auto append = [&](std::uint32_t bits, int letters) {
    for (; letters > 0; --letters, bits >>= 6U) text += kCryptLetters[bits & 63U];
  };
  for (const auto& [high, middle, low] : kGroups) {
    append(at(high) << 16U | at(middle) << 8U | at(low), 4);
  }
  append(at(11), 2);
  return text;
}

class Apr1 final : public Kdf {
 public:
  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return cost_of({Digest::md5, kApr1Rounds, kMostSalt, {300'000, 100'000}}, password_bytes);
  }
  [[nodiscard]] std::string parameters() const override { return "1000 rounds"; }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const CoreShare core;
    const std::string mixed = digest_of(Digest::md5, {password, salt, password});
    std::string digest = first_digest(password, salt, mixed);
    for (unsigned round = 0; round < kApr1Rounds; ++round) {
      digest = next_digest(round, password, salt, digest);
    }
    return encode(digest);
  }
};

}  // namespace

std::optional<StoredHash> parse_apr1(std::string_view hash) {
  constexpr std::size_t kDigestLetters = 22;
  if (!hash.starts_with(kMagic)) return std::nullopt;
  const auto fields = split<2>(hash.substr(kMagic.size()), '$');
  if (!fields) return std::nullopt;
  const auto& [salt, digest] = *fields;
  if (salt.size() > kMostSalt || digest.size() != kDigestLetters || !is_crypt_text(digest)) {
    return std::nullopt;
  }
  return StoredHash{std::make_shared<Apr1>(), std::string(salt), std::string(digest)};
}

}  // namespace gatehouse::password
