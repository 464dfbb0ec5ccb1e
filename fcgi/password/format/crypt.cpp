#include "password/format/crypt.h"

#include <crypt.h>
#include <fmt/core.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/crypt_rounds.h"
#include "password/kdf/yescrypt_parameters.h"

namespace gatehouse::password {
namespace {

constexpr unsigned kLeastBcryptCost = 4;
constexpr std::size_t kAnyLength = CRYPT_MAX_PASSPHRASE_SIZE - 1;

/// A function of crypt(3). What it derives is the whole hash, setting and all.
class Crypt final : public Kdf {
 public:
  /// The setting up to the salt: `$6$rounds=5000$`. Of the password, `most_bytes` count: those
  /// after them are cut off where `cuts` (bcrypt, DES), else a longer password is refused.
  struct Parameters {
    std::string prefix;
    Cost cost;
    std::string words;
    std::size_t most_bytes = kAnyLength;
    bool cuts = false;
    std::optional<CryptRounds>
        rounds{};  // in place of `cost` where it goes by the password's length
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
    struct Wipe {
      void operator()(crypt_data* data) const noexcept {
        OPENSSL_cleanse(data, sizeof *data);
        std::default_delete<crypt_data>()(data);
      }
    };
    const std::unique_ptr<crypt_data, Wipe> data(new crypt_data());
    const Secret phrase = Secret::copy_of(password.substr(0, parameters_.most_bytes));
    const std::string setting = parameters_.prefix + std::string(salt);
    const char* const hash =
        crypt_rn(phrase.view().data(), setting.c_str(), data.get(), sizeof *data);
    // A C string ends at the first NUL byte: what stands after it would not count.
    const bool whole = password.find('\0') == std::string_view::npos &&
                       (parameters_.cuts || password.size() <= parameters_.most_bytes);
    return hash != nullptr && whole ? std::string(hash) : std::string();
  }

 private:
  const Parameters parameters_;
};

StoredHash stored(Crypt::Parameters parameters, std::string_view salt, std::string_view hash) {
  return {std::make_shared<Crypt>(std::move(parameters)), std::string(salt), std::string(hash)};
}

/// Letters that crypt(3) takes in a salt: printable, but what separates fields in passwd(5) or
/// marks a locked account.
bool is_salt(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view(":;*!\\$").find(c) == std::string_view::npos;
  });
}

/// Letters of crypt(3), the first bits lowest, that stand for whole bytes: no other salt is taken
/// by libxcrypt (lib/alg-yescrypt-common.c, decode64).
bool is_salt_of_bytes(std::string_view text) noexcept {
  if (text.empty()) return true;
  const unsigned left_over = text.size() * 6 % 8;
  return is_crypt_text(text) && left_over < 6 &&
         crypt_value(text.back()).value_or(0) < 1U << (6 - left_over);
}

/// `$id$salt$digest` with `letters` of digest.
struct Parts {
  std::string_view salt;
  std::string_view digest;
};
std::optional<Parts> parse_parts(std::string_view text, std::size_t most_salt,
                                 std::size_t letters) noexcept {
  const auto fields = split<2>(text, '$');
  if (!fields) return std::nullopt;
  const auto& [salt, digest] = *fields;
  const bool sound = salt.size() <= most_salt && is_salt(salt) && digest.size() == letters &&
                     is_crypt_text(digest);
  return sound ? std::optional(Parts{salt, digest}) : std::nullopt;
}

/// `$5$` and `$6$` differ in the digest alone.
struct ShaCrypt {
  std::string_view prefix;
  std::size_t digest_letters;
  Digest digest;
  RoundCost round;
};
constexpr std::size_t kMostShaSalt = 16;
constexpr std::uint64_t kFewestShaRounds = 1000;

Crypt::Parameters sha_crypt_parameters(std::string prefix, const ShaCrypt& kind,
                                       std::uint64_t rounds) {
  Crypt::Parameters parameters{std::move(prefix), {}, fmt::format("{} rounds", rounds)};
  parameters.rounds = CryptRounds{kind.digest, rounds, kMostShaSalt, kind.round};
  parameters.part = [kind, rounds](double share) -> KdfPointer {
    const std::uint64_t fewer = share_of(rounds, share);
    if (fewer < kFewestShaRounds) return nullptr;
    return std::make_shared<Crypt>(
        sha_crypt_parameters(fmt::format("{}rounds={}$", kind.prefix, fewer), kind, fewer));
  };
  return parameters;
}

std::optional<StoredHash> parse_sha_crypt(std::string_view hash, const ShaCrypt& kind) {
  constexpr std::string_view kRounds = "rounds=";
  std::string_view rest = hash.substr(std::min(hash.size(), kind.prefix.size()));
  std::uint64_t rounds = 5000;
  if (rest.starts_with(kRounds)) {
    const std::string_view number = rest.substr(kRounds.size(), rest.find('$') - kRounds.size());
    rounds = parse_count(number).value_or(0);
    if (rounds < kFewestShaRounds || rounds > 999'999'999 || number.front() == '0')
      return std::nullopt;
    rest.remove_prefix(std::min(rest.size(), kRounds.size() + number.size() + 1));
  }
  const auto parts = parse_parts(rest, kMostShaSalt, kind.digest_letters);
  if (!parts) return std::nullopt;
  std::string prefix(hash.substr(0, hash.size() - rest.size()));
  return stored(sha_crypt_parameters(std::move(prefix), kind, rounds), parts->salt, hash);
}

Crypt::Parameters yescrypt_parameters(std::string_view prefix, const YescryptParameters& read) {
  constexpr std::uint64_t kPicosecondsEach = 282'000;
  const std::uint64_t n = std::uint64_t{1} << read.n_log2;
  const std::uint64_t lanes = saturating_multiply(read.r, read.p);
  const std::uint64_t passes = saturating_add(read.t, 1);
  const Cost cost =
      cost_of(saturating_multiply(saturating_multiply(n, lanes), passes), kPicosecondsEach,
              saturating_multiply(saturating_multiply(n, read.r), 128));
  Crypt::Parameters parameters{std::string(prefix), cost,
                               fmt::format("N={} r={} p={} t={}", n, read.r, read.p, read.t)};
  parameters.part = [prefix = parameters.prefix, read](double share) -> KdfPointer {
    constexpr unsigned kLeastNLog2 = 8;  // over what crypt(3) demands for usual r and p
    const unsigned halvings = halvings_to(share);
    if (read.n_log2 < kLeastNLog2 + halvings || read.n_at >= prefix.size()) return nullptr;
    YescryptParameters less = read;
    less.n_log2 -= halvings;
    std::string shorter = prefix;
    const auto letter = kCryptLetters.find(shorter[read.n_at]);
    shorter[read.n_at] = kCryptLetters[letter - halvings];
    return std::make_shared<Crypt>(yescrypt_parameters(shorter, less));
  };
  return parameters;
}

/// `variant`: `$2y$`.
Crypt::Parameters bcrypt_parameters(std::string_view variant, unsigned cost) {
  constexpr std::size_t kMostBytes = 72;
  constexpr std::uint64_t kPicosecondsEach = 43'000'000;
  Crypt::Parameters parameters{fmt::format("{}{:02}$", variant, cost),
                               cost_of(std::uint64_t{1} << cost, kPicosecondsEach),
                               fmt::format("cost {}", cost), kMostBytes, true};
  parameters.part = [variant = std::string(variant), cost](double share) -> KdfPointer {
    const unsigned halvings = halvings_to(share);
    if (cost < kLeastBcryptCost + halvings) return nullptr;
    return std::make_shared<Crypt>(bcrypt_parameters(variant, cost - halvings));
  };
  return parameters;
}

}  // namespace

bool recognises_bcrypt(std::string_view hash) noexcept {
  return hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
}

std::optional<StoredHash> parse_bcrypt(std::string_view hash) {
  constexpr std::size_t kPrefix = 7;  // `$2y$10$`
  constexpr std::size_t kSalt = 22;
  constexpr std::size_t kLength = 60;
  if (!recognises_bcrypt(hash) || hash.size() != kLength || hash[kPrefix - 1] != '$' ||
      !is_crypt_text(hash.substr(kPrefix))) {
    return std::nullopt;
  }
  const auto cost = parse_count(hash.substr(4, 2));
  if (!cost || *cost < kLeastBcryptCost || *cost > 31) return std::nullopt;
  return stored(bcrypt_parameters(hash.substr(0, 4), static_cast<unsigned>(*cost)),
                hash.substr(kPrefix, kSalt), hash);
}

std::optional<StoredHash> parse_sha256_crypt(std::string_view hash) {
  return parse_sha_crypt(hash, {"$5$", 43, Digest::sha256, {50'000, 230'000}});
}

std::optional<StoredHash> parse_sha512_crypt(std::string_view hash) {
  return parse_sha_crypt(hash, {"$6$", 86, Digest::sha512, {75'000, 425'000}});
}

std::optional<StoredHash> parse_yescrypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$y$";
  constexpr std::size_t kMostSalt = 86;
  constexpr std::size_t kDigestLetters = 43;
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  const auto read = parse_yescrypt_parameters(hash.substr(kPrefix.size()));
  if (!read) return std::nullopt;
  const std::size_t before_salt = kPrefix.size() + read->length + 1;
  const auto parts = parse_parts(hash.substr(before_salt), kMostSalt, kDigestLetters);
  if (!parts || !is_salt_of_bytes(parts->salt)) return std::nullopt;
  auto in_whole = *read;
  in_whole.n_at += kPrefix.size();
  return stored(yescrypt_parameters(hash.substr(0, before_salt), in_whole), parts->salt, hash);
}

std::optional<StoredHash> parse_scrypt_crypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$7$";
  constexpr std::size_t kMostSalt = 86;
  constexpr std::size_t kDigestLetters = 43;
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  const auto read = parse_scrypt_crypt_parameters(hash.substr(kPrefix.size()));
  if (!read) return std::nullopt;
  const std::size_t before_salt = kPrefix.size() + read->length;
  const auto parts = parse_parts(hash.substr(before_salt), kMostSalt, kDigestLetters);
  if (!parts || !is_crypt_text(parts->salt)) return std::nullopt;
  auto in_whole = *read;
  in_whole.n_at += kPrefix.size();
  return stored(yescrypt_parameters(hash.substr(0, before_salt), in_whole), parts->salt, hash);
}

std::optional<StoredHash> parse_md5_crypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$1$";
  constexpr std::size_t kMostSalt = 8;
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  const auto parts = parse_parts(hash.substr(kPrefix.size()), kMostSalt, 22);
  if (!parts) return std::nullopt;
  Crypt::Parameters parameters{std::string(kPrefix), {}, "1000 rounds"};
  parameters.rounds = CryptRounds{Digest::md5, 1000, kMostSalt, {40'000, 360'000}};
  return stored(std::move(parameters), parts->salt, hash);
}

bool recognises_des_crypt(std::string_view hash) noexcept {
  constexpr std::size_t kLength = 13;
  return hash.size() == kLength && is_crypt_text(hash);
}

std::optional<StoredHash> parse_des_crypt(std::string_view hash) {
  if (!recognises_des_crypt(hash)) return std::nullopt;
  return stored({"", cost_of(25, 400'000), "DES", 8, true}, hash.substr(0, 2), hash);
}

}  // namespace gatehouse::password
