#include "password/kdf/pbkdf2.h"

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <limits>

#include "base/hmac.h"

namespace gatehouse::password {
namespace {

std::string pbkdf2_through_evp(Digest digest, std::string_view password, std::string_view salt,
                               std::uint64_t rounds, std::size_t length) {
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
std::string pbkdf2_block(const Hmac<Hash>& hmac, std::string_view salt, std::uint32_t index,
                         std::uint64_t rounds) {
  std::string message(salt);
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    message += static_cast<char>((index >> shift) & 0xffU);
  }
  auto sum = hmac.of(std::array{std::string_view(message)});
  auto block = Hmac<Hash>::padded_block();
  std::copy(sum.begin(), sum.end(), block.begin());
  for (std::uint64_t round = 1; round < rounds; ++round) {
    hmac.replace(block);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] ^= block[i];
  }
  return {reinterpret_cast<const char*>(sum.data()), sum.size()};
}

template <class Hash>
std::string pbkdf2_with(std::string_view password, std::string_view salt, std::uint64_t rounds,
                        std::size_t length) {
  const Hmac<Hash> hmac(password);
  std::string out;
  for (std::uint32_t index = 1; out.size() < length; ++index) {
    out += pbkdf2_block<Hash>(hmac, salt, index, rounds);
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
