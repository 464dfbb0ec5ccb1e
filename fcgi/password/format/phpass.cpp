#include "password/format/phpass.h"

#include <fmt/core.h>

#include <cstdint>
#include <utility>

#include "password/format/prehash.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/digest.h"
#include "password/kdf/engine.h"
#include "password/kdf/lanes/kernels.h"

namespace gatehouse::password {
namespace {

/// Groups of three bytes with the low bits first; the last group is cut short.
std::string phpass_encode(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < group.size(); ++i) {
      bits |= std::uint32_t{static_cast<unsigned char>(group[i])} << (8 * i);
    }
    for (std::size_t i = 0; i <= group.size(); ++i) text += kCryptLetters[(bits >> (6 * i)) & 63U];
  }
  return text;
}

/// MD5 hashes blocks of 64 bytes, of which the digest takes 16 and the padding at least nine.
constexpr std::size_t kMostBytesInLanes = 39;

/// MD5 of the digest and the password, as often as `rounds`.
std::string rounds_in_lanes(const std::string& digest, std::string_view password,
                            std::uint64_t rounds) {
  WipedChain<lanes::Md5Chain> chain;
  const auto word_at = [&](std::size_t at) -> std::uint32_t& { return chain->block[at / 4]; };
  const auto put = [&](std::size_t at, char byte) {
    word_at(at) |= std::uint32_t{static_cast<unsigned char>(byte)} << (8 * (at % 4));
  };
  std::size_t end = 0;
  for (const char byte : digest) put(end++, byte);
  for (const char byte : password) put(end++, byte);
  put(end, '\x80');
  constexpr std::size_t kLengthAt = 56;
  word_at(kLengthAt) = static_cast<std::uint32_t>(8 * end);
  run_chain(lanes::best_kernel(lanes::Function::md5), chain.get(), rounds);
  std::string bytes;
  for (std::size_t at = 0; at < digest.size(); ++at) {
    bytes += static_cast<char>((word_at(at) >> (8 * (at % 4))) & 0xffU);
  }
  return bytes;
}

/// digest(… digest(digest(salt password) password) … password). It derives the text after the salt,
/// cut to the stored length.
class Phpass final : public Kdf {
 public:
  Phpass(Digest digest, unsigned rounds_log2) : digest_(digest), rounds_log2_(rounds_log2) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    const std::uint64_t blocks = blocks_of(digest_, digest_size(digest_) + password_bytes);
    if (in_lanes(password_bytes)) return cost_of(rounds(), kPicosecondsInLanes);
    const RoundCost round =
        digest_ == Digest::md5 ? RoundCost{300'000, 100'000} : RoundCost{300'000, 200'000};
    return cost_of_rounds(rounds(), blocks, round);
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const unsigned halvings = halvings_to(share);
    if (halvings > rounds_log2_) return nullptr;
    return std::make_shared<Phpass>(digest_, rounds_log2_ - halvings);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("2^{} rounds", rounds_log2_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    std::string value = digest_of(digest_, {salt, password});
    if (in_lanes(password.size())) {
      value = rounds_in_lanes(value, password, rounds());
    } else {
      const CoreShare core;
      for (std::uint64_t i = 0; i < rounds(); ++i) value = digest_of(digest_, {value, password});
    }
    return phpass_encode(value).substr(0, length);
  }

 private:
  static constexpr std::uint64_t kPicosecondsInLanes = 120'000;
  [[nodiscard]] bool in_lanes(std::size_t password_bytes) const noexcept {
    return digest_ == Digest::md5 && password_bytes <= kMostBytesInLanes;
  }
  [[nodiscard]] std::uint64_t rounds() const noexcept { return std::uint64_t{1} << rounds_log2_; }

  const Digest digest_;
  const unsigned rounds_log2_;
};

/// Reads `$P$` or `$S$`, a letter for the rounds, eight letters of salt, and the digest.
std::optional<StoredHash> parse(std::string_view hash, Digest digest, std::size_t length) {
  constexpr std::size_t kPrefix = 3;
  constexpr std::size_t kSalt = 8;
  constexpr unsigned kLeast = 7;  // phpass itself takes 7 to 30
  constexpr unsigned kMost = 30;
  if (hash.size() != length || !is_crypt_text(hash.substr(kPrefix))) return std::nullopt;
  const unsigned rounds_log2 = crypt_value(hash[kPrefix]).value_or(0);
  if (rounds_log2 < kLeast || rounds_log2 > kMost) return std::nullopt;
  return StoredHash{std::make_shared<Phpass>(digest, rounds_log2),
                    std::string(hash.substr(kPrefix + 1, kSalt)),
                    std::string(hash.substr(kPrefix + 1 + kSalt))};
}

}  // namespace

std::optional<StoredHash> parse_phpass(std::string_view hash) {
  constexpr std::size_t kLength = 34;
  return parse(hash, Digest::md5, kLength);
}

std::optional<StoredHash> parse_drupal(std::string_view hash) {
  constexpr std::size_t kLength = 55;
  return parse(hash, Digest::sha512, kLength);
}

std::optional<StoredHash> parse_drupal_upgraded(std::string_view hash) {
  auto stored = hash.starts_with("$S$") ? parse_drupal(hash) : parse_phpass(hash);
  if (stored) stored->kdf = over_md5(std::move(stored->kdf));
  return stored;
}

}  // namespace gatehouse::password
