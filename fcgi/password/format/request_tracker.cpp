#include "password/format/request_tracker.h"

#include <fmt/core.h>

#include <memory>
#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/bcrypt_bytes.h"
#include "password/kdf/crypt.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSaltLetters22 = 22;
constexpr std::size_t kDigestLetters = 31;
constexpr std::size_t kTruncatedLetters = 40;
constexpr std::size_t kTruncatedSalt = 4;
constexpr std::size_t kTruncatedDigest = 26;

std::string sha512_bytes(std::string_view password) {
  return digest_of(Digest::sha512, {password});
}
KdfPointer over_sha512(KdfPointer inner) {
  return make_prehashed(std::move(inner), sha512_bytes, "SHA-512");
}

/// The first 26 bytes of SHA-256(salt MD5(password)).
class Truncated final : public Kdf {
 public:
  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return cost_of_rounds(2, blocks_of(Digest::md5, password_bytes), {300'000, 100'000});
  }
  [[nodiscard]] std::string parameters() const override { return "sha256 of md5"; }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const Secret md5(digest_of(Digest::md5, {password}));
    return digest_of(Digest::sha256, {salt, md5.view()}).substr(0, kTruncatedDigest);
  }
};

}  // namespace

std::optional<StoredHash> parse_rt_bcrypt(std::string_view hash) {
  const auto fields = split<4>(hash, '!');
  if (!fields || !fields->at(0).empty() || fields->at(1) != "bcrypt") return std::nullopt;
  const auto& letters = fields->at(3);
  const auto cost = parse_count(fields->at(2));
  if (!cost || *cost < kLeastBcryptCost || *cost > kMostBcryptCost || fields->at(2).size() > 2 ||
      letters.size() != kSaltLetters22 + kDigestLetters || !is_crypt_text(letters)) {
    return std::nullopt;
  }
  return StoredHash{over_sha512(make_bcrypt_of_bytes(static_cast<unsigned>(*cost))),
                    std::string(letters.substr(0, kSaltLetters22)),
                    std::string(letters.substr(kSaltLetters22))};
}

std::optional<NewHash> new_rt_bcrypt(std::string_view /*old*/, const Strength& strength) {
  std::string salt = bcrypt_base64_encode(random_bytes(kSaltBytes));
  std::string before = fmt::format("!bcrypt!{:02}!{}", strength.bcrypt_cost, salt);
  return NewHash{over_sha512(make_bcrypt_of_bytes(strength.bcrypt_cost)), std::move(salt),
                 kDigestLetters, std::move(before), raw_digest};
}

std::optional<StoredHash> parse_rt_sha512(std::string_view hash) {
  const auto fields = split<4>(hash, '!');
  if (!fields || !fields->at(0).empty() || fields->at(1) != "sha512" || fields->at(2).empty()) {
    return std::nullopt;
  }
  auto digest = base64_decode_unpadded(fields->at(3));
  if (!digest || digest->size() != digest_size(Digest::sha512)) return std::nullopt;
  return StoredHash{make_simple(Digest::sha512, Arrangement::salt_then_password),
                    std::string(fields->at(2)), *std::move(digest)};
}

bool is_rt_truncated(std::string_view hash) noexcept {
  return hash.size() == kTruncatedLetters && !is_hex(hash) &&
         hash.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
             std::string_view::npos;
}

std::optional<StoredHash> parse_rt_truncated(std::string_view hash) {
  const auto bytes = is_rt_truncated(hash) ? base64_decode(hash) : std::nullopt;
  if (!bytes || bytes->size() != kTruncatedSalt + kTruncatedDigest) return std::nullopt;
  return StoredHash{std::make_shared<Truncated>(), bytes->substr(0, kTruncatedSalt),
                    bytes->substr(kTruncatedSalt)};
}

bool is_rt_md5(std::string_view hash) noexcept {
  constexpr std::size_t kLetters = 22;
  return hash.size() == kLetters && base64_decode_unpadded(hash).has_value();
}

std::optional<StoredHash> parse_rt_md5(std::string_view hash) {
  auto bytes = base64_decode_unpadded(hash);
  if (!bytes || bytes->size() != digest_size(Digest::md5)) return std::nullopt;
  return StoredHash{make_simple(Digest::md5, Arrangement::password), "", *std::move(bytes)};
}

}  // namespace gatehouse::password
