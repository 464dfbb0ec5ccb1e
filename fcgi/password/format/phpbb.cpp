#include "password/format/phpbb.h"

#include <fmt/core.h>

#include <memory>
#include <string>
#include <utility>

#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/format/phpass.h"
#include "password/format/prehash.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSettingLetters = 9;
constexpr std::size_t kPhpassDigest = 22;

/// bcrypt over the letters of a phpass digest. The salt is that of phpass, then that of bcrypt.
class Combined final : public Kdf {
 public:
  Combined(KdfPointer phpass, KdfPointer bcrypt)
      : phpass_(std::move(phpass)), bcrypt_(std::move(bcrypt)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost cost = bcrypt_->cost(kPhpassDigest);
    constexpr auto kMost = std::chrono::nanoseconds::max();
    const auto more = phpass_->cost(password_bytes).time;
    cost.time = more > kMost - cost.time ? kMost : cost.time + more;
    return cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override { return bcrypt_->part(share); }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{} over phpass, {}", bcrypt_->parameters(), phpass_->parameters());
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const std::string_view first = salt.substr(0, kSettingLetters - 1);
    const Secret letters(phpass_->derive(password, first, kPhpassDigest));
    return bcrypt_->derive(letters.view(), salt.substr(first.size()), length);
  }

 private:
  const KdfPointer phpass_;
  const KdfPointer bcrypt_;
};

/// The phpass hash, without its digest, and the bcrypt hash.
struct Halves {
  StoredHash phpass;
  StoredHash bcrypt;
};
std::optional<Halves> parse(std::string_view hash) {
  constexpr std::size_t kPrefix = 6;  // `$H\2y$`
  if (!hash.starts_with("$H\\2y$") && !hash.starts_with("$H\\2a$")) return std::nullopt;
  const auto fields = split<3>(hash.substr(kPrefix), '$');
  const auto setting = fields ? split<2>(fields->at(1), '\\') : std::nullopt;
  if (!setting || fields->at(0).size() != kSettingLetters || setting->at(1).size() != 22) {
    return std::nullopt;
  }
  auto phpass =
      parse_phpass(fmt::format("$H${}{}", fields->at(0), std::string(kPhpassDigest, '.')));
  auto bcrypt = parse_bcrypt(
      fmt::format("${}${}${}{}", hash.substr(3, 2), setting->at(0), setting->at(1), fields->at(2)));
  if (!phpass || !bcrypt) return std::nullopt;
  return Halves{*std::move(phpass), *std::move(bcrypt)};
}

StoredHash combined(KdfPointer phpass, Halves halves) {
  auto kdf = std::make_shared<Combined>(std::move(phpass), std::move(halves.bcrypt.kdf));
  return {std::move(kdf), halves.phpass.salt + halves.bcrypt.salt, std::move(halves.bcrypt.digest)};
}

}  // namespace

std::optional<StoredHash> parse_phpbb_combined(std::string_view hash) {
  auto halves = parse(hash);
  if (!halves) return std::nullopt;
  auto phpass = halves->phpass.kdf;
  return combined(std::move(phpass), *std::move(halves));
}

std::optional<StoredHash> parse_phpbb2_combined(std::string_view hash) {
  auto halves = parse(hash);
  if (!halves) return std::nullopt;
  auto phpass = over_md5(halves->phpass.kdf);
  return combined(std::move(phpass), *std::move(halves));
}

}  // namespace gatehouse::password
