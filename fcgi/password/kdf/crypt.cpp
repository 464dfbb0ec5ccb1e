#include "password/kdf/crypt.h"

#include <crypt.h>
#include <fmt/core.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "password/kdf/crypt_letters.h"
#include "password/kdf/crypt_rounds.h"
#include "password/kdf/engine.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kAnyLength = CRYPT_MAX_PASSPHRASE_SIZE - 1;

class Crypt final : public Kdf {
 public:
  struct Parameters {
    std::string prefix;  // the setting up to the salt: `$6$rounds=5000$`
    Cost cost;
    std::string words;  // for the census
    // Bytes of the password after these are cut off where `cuts` (bcrypt, DES); otherwise a longer
    // password is refused.
    std::size_t most_bytes = kAnyLength;
    bool cuts = false;
    std::optional<CryptRounds> rounds{};  // replaces `cost` where that depends on the password
    std::function<KdfPointer(double share)> part{};
  };
  explicit Crypt(Parameters parameters) : parameters_(std::move(parameters)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    const std::size_t bytes = std::min(password_bytes, parameters_.most_bytes);
    return parameters_.rounds ? cost_of(*parameters_.rounds, bytes) : parameters_.cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    return parameters_.part ? parameters_.part(share) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override { return parameters_.words; }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const CoreShare core;
    const Secret phrase = Secret::copy_of(password.substr(0, parameters_.most_bytes));
    std::string hash = crypt_at_once(phrase, parameters_.prefix + std::string(salt));
    // A C string ends at the first NUL byte, so crypt(3) ignores whatever follows it.
    const bool whole = password.find('\0') == std::string_view::npos &&
                       (parameters_.cuts || password.size() <= parameters_.most_bytes);
    return whole ? hash : std::string();
  }

 private:
  const Parameters parameters_;
};

std::string_view sha_crypt_prefix(Digest digest) noexcept {
  return digest == Digest::sha512 ? "$6$" : "$5$";
}

}  // namespace

std::string crypt_at_once(const Secret& phrase, const std::string& setting) {
  struct Wipe {
    void operator()(crypt_data* data) const noexcept {
      OPENSSL_cleanse(data, sizeof *data);
      std::default_delete<crypt_data>()(data);
    }
  };
  const std::unique_ptr<crypt_data, Wipe> data(new crypt_data());
  const char* const hash =
      crypt_rn(phrase.view().data(), setting.c_str(), data.get(), sizeof *data);
  return hash == nullptr ? std::string() : std::string(hash);
}

KdfPointer make_sha_crypt(Digest digest, std::uint64_t rounds, std::string before_salt) {
  const RoundCost round =
      digest == Digest::sha512 ? RoundCost{75'000, 425'000} : RoundCost{50'000, 230'000};
  Crypt::Parameters parameters{std::move(before_salt), {}, fmt::format("{} rounds", rounds)};
  parameters.rounds = CryptRounds{digest, rounds, kMostShaCryptSalt, round};
  parameters.part = [digest, rounds](double share) -> KdfPointer {
    const std::uint64_t fewer = share_of(rounds, share);
    if (fewer < kFewestShaCryptRounds) return nullptr;
    return make_sha_crypt(digest, fewer,
                          fmt::format("{}rounds={}$", sha_crypt_prefix(digest), fewer));
  };
  return std::make_shared<Crypt>(std::move(parameters));
}

KdfPointer make_yescrypt(const YescryptParameters& read, std::string before_salt) {
  constexpr std::uint64_t kPicosecondsEach = 282'000;
  const std::uint64_t n = std::uint64_t{1} << read.n_log2;
  const std::uint64_t lanes = saturating_multiply(read.r, read.p);
  const std::uint64_t passes = saturating_add(read.t, 1);
  const Cost cost =
      cost_of(saturating_multiply(saturating_multiply(n, lanes), passes), kPicosecondsEach,
              saturating_multiply(saturating_multiply(n, read.r), 128));
  Crypt::Parameters parameters{std::move(before_salt), cost,
                               fmt::format("N={} r={} p={} t={}", n, read.r, read.p, read.t)};
  parameters.part = [prefix = parameters.prefix, read](double share) -> KdfPointer {
    constexpr unsigned kLeastNLog2 = 8;  // more than crypt(3) demands for usual r and p
    const unsigned halvings = halvings_to(share);
    if (read.n_log2 < kLeastNLog2 + halvings || read.n_at >= prefix.size()) return nullptr;
    YescryptParameters less = read;
    less.n_log2 -= halvings;
    std::string shorter = prefix;
    const auto letter = kCryptLetters.find(shorter[read.n_at]);
    shorter[read.n_at] = kCryptLetters[letter - halvings];
    return make_yescrypt(less, std::move(shorter));
  };
  return std::make_shared<Crypt>(std::move(parameters));
}

KdfPointer make_bcrypt_of_libxcrypt(std::string_view variant, unsigned cost) {
  Crypt::Parameters parameters{
      fmt::format("{}{:02}$", variant, cost), {}, {}, kBcryptPasswordBytes, true};
  return std::make_shared<Crypt>(std::move(parameters));
}

KdfPointer make_md5_crypt() {
  constexpr std::uint64_t kRounds = 1000;
  Crypt::Parameters parameters{"$1$", {}, fmt::format("{} rounds", kRounds)};
  parameters.rounds = CryptRounds{Digest::md5, kRounds, kMostMd5CryptSalt, {40'000, 360'000}};
  return std::make_shared<Crypt>(std::move(parameters));
}

KdfPointer make_des_crypt() {
  constexpr std::size_t kPasswordBytes = 8;
  return std::make_shared<Crypt>(
      Crypt::Parameters{"", cost_of(25, 400'000), "DES", kPasswordBytes, true});
}

}  // namespace gatehouse::password
