#include "password/format/woltlab.h"

#include <fmt/core.h>

#include <memory>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"

namespace gatehouse::password {
namespace {

class DoubleBcrypt final : public Kdf {
 public:
  explicit DoubleBcrypt(KdfPointer bcrypt) : bcrypt_(std::move(bcrypt)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost cost = bcrypt_->cost(password_bytes);
    cost.time *= 2;
    return cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    auto less = bcrypt_->part(share);
    return less ? std::make_shared<DoubleBcrypt>(std::move(less)) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override {
    return bcrypt_->parameters() + ", twice";
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const Secret inner(bcrypt_->derive(password, salt, length));
    return inner.empty() ? std::string() : bcrypt_->derive(inner.view(), salt, length);
  }

 private:
  const KdfPointer bcrypt_;
};

}  // namespace

std::optional<StoredHash> parse_double_bcrypt(std::string_view hash) {
  auto stored = parse_bcrypt(hash);
  if (stored) stored->kdf = std::make_shared<DoubleBcrypt>(std::move(stored->kdf));
  return stored;
}

std::optional<StoredHash> parse_woltlab_pbkdf2(std::string_view hash) {
  const auto fields = split<6>(hash, ':');
  if (!fields || fields->at(0) != "Pbkdf2" || fields->at(2).empty()) return std::nullopt;
  const auto digest = digest_named(fields->at(3));
  const auto rounds = parse_count(fields->at(4));
  const auto length = parse_count(fields->at(5));
  auto bytes = hex_decode(fields->at(1));
  if (!digest || !rounds || *rounds == 0 || !length || *length < 16 || *length > 64 || !bytes ||
      bytes->size() != *length) {
    return std::nullopt;
  }
  return StoredHash{make_pbkdf2(*digest, *rounds, *length), std::string(fields->at(2)),
                    *std::move(bytes)};
}

std::optional<NewHash> new_woltlab_pbkdf2(std::string_view /*old*/, const Strength& strength) {
  constexpr std::size_t kLength = 32;
  constexpr std::size_t kSaltOfWoltlab = 20;
  const std::uint64_t rounds = pbkdf2_rounds(Digest::sha256, strength);
  std::string salt = hex_encode(random_bytes(kSaltOfWoltlab));
  NewHash made{make_pbkdf2(Digest::sha256, rounds, kLength), salt, kLength, "Pbkdf2:", hex_encode};
  made.after = fmt::format(":{}:sha256:{}:{}", salt, rounds, kLength);
  return made;
}

}  // namespace gatehouse::password
