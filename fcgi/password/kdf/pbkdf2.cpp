#include "password/kdf/pbkdf2.h"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <limits>

#include "base/hmac.h"
#include "password/kdf/engine.h"
#include "password/kdf/lanes/kernels.h"

namespace gatehouse::password {
namespace {

std::string pbkdf2_through_evp(Digest digest, std::string_view password, std::string_view salt,
                               std::uint64_t rounds, std::size_t length) {
  const CoreShare core;
  std::string out(length, '\0');
  const int done =
      PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()),
                        static_cast<int>(salt.size()), static_cast<int>(rounds), evp(digest),
                        static_cast<int>(length), reinterpret_cast<unsigned char*>(out.data()));
  return done == 1 ? out : std::string();
}

#ifdef GATEHOUSE_HAS_COMPRESSION
template <class Hash>
struct LanesOf;
template <>
struct LanesOf<Sha1> {
  using Chain = lanes::Sha1Chain;
  static constexpr auto kFunction = lanes::Function::sha1;
};
template <>
struct LanesOf<Sha256> {
  using Chain = lanes::Sha256Chain;
  static constexpr auto kFunction = lanes::Function::sha256;
};
template <>
struct LanesOf<Sha512> {
  using Chain = lanes::Sha512Chain;
  static constexpr auto kFunction = lanes::Function::sha512;
};

template <class Hash>
void append_block(const Hmac<Hash>& hmac, std::string_view salt, std::uint32_t index,
                  std::uint64_t rounds, std::string& out) {
  std::array<unsigned char, sizeof index> counter{};
  store(index, counter.data());
  auto first = hmac.of(std::array{
      salt, std::string_view(reinterpret_cast<const char*>(counter.data()), counter.size())});
  using Rounds = typename LanesOf<Hash>::Chain;
  using Word = typename Rounds::Word;
  WipedChain<Rounds> chain;
  hmac.pads(chain->inner, chain->outer);
  for (std::size_t i = 0; i < Rounds::kWords; ++i) {
    chain->sum[i] = chain->value[i] = load<Word>(&first[i * sizeof(Word)]);
  }
  OPENSSL_cleanse(first.data(), first.size());  // with it a guess would cost a single round
  run_chain(lanes::best_kernel(LanesOf<Hash>::kFunction), chain.get(), rounds - 1);
  std::array<unsigned char, Hash::kDigestBytes> bytes{};
  for (std::size_t i = 0; i < Rounds::kWords; ++i) store(chain->sum[i], &bytes[i * sizeof(Word)]);
  out.append(bytes.begin(), bytes.end());
}

template <class Hash>
std::string pbkdf2_with(std::string_view password, std::string_view salt, std::uint64_t rounds,
                        std::size_t length) {
  const Hmac<Hash> hmac(password);
  std::string out;
  for (std::uint32_t index = 1; out.size() < length; ++index) {
    append_block(hmac, salt, index, rounds, out);
  }
  out.resize(length);
  return out;
}
#endif

/// The time of a round on the reference machine, in picoseconds.
std::uint64_t round_cost(Digest digest) noexcept {
  switch (digest) {
    case Digest::md4:
    case Digest::md5:
      return 500'000;
    case Digest::sha1:
      return 120'000;
    case Digest::sha256:
      return 117'000;
    case Digest::sha384:
      return 600'000;
    case Digest::sha512:
      return 400'000;
  }
  return 0;
}

class Pbkdf2 final : public Kdf {
 public:
  Pbkdf2(Digest digest, std::uint64_t rounds, std::size_t length)
      : digest_(digest), rounds_(rounds), length_(length) {}

  /// The password does not count: it is hashed once, whatever the rounds.
  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    const std::uint64_t blocks = (length_ + digest_size(digest_) - 1) / digest_size(digest_);
    return cost_of(saturating_multiply(rounds_, blocks), round_cost(digest_));
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const std::uint64_t rounds = share_of(rounds_, share);
    return rounds == 0 ? nullptr : std::make_shared<Pbkdf2>(digest_, rounds, length_);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{}, {} rounds", to_string(digest_), rounds_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    auto derived = pbkdf2(digest_, password, salt, rounds_, length);
    if (ends_in_hmac_padding(digest_, password)) derived.clear();
    return derived;
  }

 private:
  const Digest digest_;
  const std::uint64_t rounds_;
  const std::size_t length_;
};

}  // namespace

std::string pbkdf2(Digest digest, std::string_view password, std::string_view salt,
                   std::uint64_t rounds, std::size_t length) {
  constexpr std::uint64_t kMostRounds = std::numeric_limits<std::int32_t>::max();
  constexpr std::size_t kLongest = 1024;
  if (rounds < 1 || rounds > kMostRounds || length < 1 || length > kLongest) return {};
#ifdef GATEHOUSE_HAS_COMPRESSION
  switch (digest) {
    case Digest::sha1:
      return pbkdf2_with<Sha1>(password, salt, rounds, length);
    case Digest::sha256:
      return pbkdf2_with<Sha256>(password, salt, rounds, length);
    case Digest::sha512:
      return pbkdf2_with<Sha512>(password, salt, rounds, length);
    case Digest::md4:
    case Digest::md5:
    case Digest::sha384:
      break;
  }
#endif
  return pbkdf2_through_evp(digest, password, salt, rounds, length);
}

KdfPointer make_pbkdf2(Digest digest, std::uint64_t rounds, std::size_t length) {
  return std::make_shared<Pbkdf2>(digest, rounds, length);
}

}  // namespace gatehouse::password
