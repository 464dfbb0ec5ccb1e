#include "password/format/better_auth.h"

#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/fields.h"
#include "password/kdf/scrypt.h"
#include "password/shape/text_steps.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSaltDigits = 32;
constexpr std::size_t kBetterAuthBytes = 64;

/// scrypt over the password in form KC, which may be longer or shorter than what was typed.
class NormalScrypt final : public Kdf {
 public:
  explicit NormalScrypt(KdfPointer inner) : inner_(std::move(inner)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return inner_->cost(password_bytes);
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    auto less = inner_->part(share);
    return less ? std::make_shared<NormalScrypt>(std::move(less)) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override { return inner_->parameters(); }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    return inner_->derive(form_kc(password).view(), salt, length);
  }

 private:
  const KdfPointer inner_;
};

KdfPointer better_auth_kdf() {
  return std::make_shared<NormalScrypt>(make_scrypt({16'384, 16, 1}));
}

}  // namespace

bool is_better_auth(std::string_view hash) noexcept {
  return hash.size() == kSaltDigits + 1 + 2 * kBetterAuthBytes && hash[kSaltDigits] == ':' &&
         is_hex(hash.substr(0, kSaltDigits)) && is_hex(hash.substr(kSaltDigits + 1));
}

std::optional<StoredHash> parse_better_auth(std::string_view hash) {
  if (!is_better_auth(hash)) return std::nullopt;
  auto digest = hex_decode(hash.substr(kSaltDigits + 1));
  if (!digest) return std::nullopt;
  return StoredHash{better_auth_kdf(), std::string(hash.substr(0, kSaltDigits)),
                    *std::move(digest)};
}

std::optional<NewHash> new_better_auth(std::string_view /*old*/, const Strength& /*strength*/) {
  std::string salt = hex_encode(random_bytes(kSaltDigits / 2));
  std::string before = salt + ':';
  return NewHash{better_auth_kdf(), std::move(salt), kBetterAuthBytes, std::move(before),
                 hex_encode};
}

}  // namespace gatehouse::password
