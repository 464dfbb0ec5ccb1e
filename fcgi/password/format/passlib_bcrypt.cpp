#include "password/format/passlib_bcrypt.h"

#include <fmt/core.h>

#include <memory>
#include <string>
#include <utility>

#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/format/prehash.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/crypt.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kOpening = "$bcrypt-sha256$";
constexpr std::size_t kBcryptSaltLetters = 22;

/// bcrypt over the base64 of HMAC-SHA-256, whose key is the salt's letters.
class OverHmac final : public Kdf {
 public:
  explicit OverHmac(KdfPointer bcrypt) : bcrypt_(std::move(bcrypt)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost cost = bcrypt_->cost(kBcryptPasswordBytes);
    cost.time +=
        cost_of_rounds(1, blocks_of(Digest::sha256, password_bytes), {300'000, 100'000}).time;
    return cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    auto less = bcrypt_->part(share);
    return less ? std::make_shared<OverHmac>(std::move(less)) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override {
    return bcrypt_->parameters() + " over HMAC-SHA256";
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const Secret prehash(base64_encode(hmac_of(Digest::sha256, salt, password)));
    return bcrypt_->derive(prehash.view(), salt, length);
  }

 private:
  const KdfPointer bcrypt_;
};

/// The variant of bcrypt (`2b`) and its cost, and which version wrote them.
struct Parameters {
  std::string_view variant;
  std::string_view cost;
  bool second_version;
};
std::optional<Parameters> parse_parameters(std::string_view text) {
  if (const auto first = split<2>(text, ',')) return Parameters{first->at(0), first->at(1), false};
  const auto fields = split<3>(text, ',');
  if (!fields || fields->at(0) != "v=2" || !fields->at(1).starts_with("t=") ||
      !fields->at(2).starts_with("r=")) {
    return std::nullopt;
  }
  return Parameters{fields->at(1).substr(2), fields->at(2).substr(2), true};
}

/// `$bcrypt-sha256$v=2,t=2b,r=12$salt$digest` of `$2b$12$`, salt and digest.
std::string passlib_text(std::string_view hash) {
  const std::string_view letters = hash.substr(hash.rfind('$') + 1);
  return fmt::format("{}v=2,t={},r={}${}${}", kOpening, hash.substr(1, 2),
                     parse_count(hash.substr(4, 2)).value_or(0),
                     letters.substr(0, kBcryptSaltLetters), letters.substr(kBcryptSaltLetters));
}

}  // namespace

std::optional<StoredHash> parse_passlib_bcrypt_sha256(std::string_view hash) {
  if (!hash.starts_with(kOpening)) return std::nullopt;
  const auto fields = split<3>(hash.substr(kOpening.size()), '$');
  const auto read = fields ? parse_parameters(fields->at(0)) : std::nullopt;
  const auto cost = read ? parse_count(read->cost) : std::nullopt;
  if (!cost || *cost > kMostBcryptCost || fields->at(1).size() != kBcryptSaltLetters)
    return std::nullopt;
  auto stored = parse_bcrypt(
      fmt::format("${}${:02}${}{}", read->variant, *cost, fields->at(1), fields->at(2)));
  if (!stored) return std::nullopt;
  stored->kdf = read->second_version ? std::make_shared<OverHmac>(std::move(stored->kdf))
                                     : over_sha256_base64(std::move(stored->kdf));
  return stored;
}

std::optional<NewHash> new_passlib_bcrypt_sha256(std::string_view /*old*/,
                                                 const Strength& strength) {
  auto made = new_bcrypt("$2b$", strength);
  if (!made) return std::nullopt;
  made->kdf = std::make_shared<OverHmac>(std::move(made->kdf));
  made->most_password_bytes = kEveryByte;  // bcrypt sees the digest alone
  made->finish = passlib_text;
  return made;
}

}  // namespace gatehouse::password
