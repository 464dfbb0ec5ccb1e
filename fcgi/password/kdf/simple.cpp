#include "password/kdf/simple.h"

#include <fmt/core.h>

#include <utility>

#include "base/encoding.h"
#include "password/kdf/engine.h"

namespace gatehouse::password {
namespace {

/// The rate of one digest, whichever it is.
constexpr RoundCost kRound{300'000, 100'000};

class Simple final : public Kdf {
 public:
  Simple(Digest digest, Arrangement arrangement) : digest_(digest), arrangement_(arrangement) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return cost_of_rounds(2, blocks_of(digest_, password_bytes), kRound);
  }
  [[nodiscard]] std::string parameters() const override { return std::string(to_string(digest_)); }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    switch (arrangement_) {
      case Arrangement::password:
        return digest_of(digest_, {password});
      case Arrangement::salt_then_password:
        return digest_of(digest_, {salt, password});
      case Arrangement::password_then_salt:
        return digest_of(digest_, {password, salt});
      case Arrangement::keyed_with_salt:
        return hmac_of(digest_, salt, password);
      case Arrangement::salt_dash_digest: {
        const Secret digits(hex_encode(digest_of(digest_, {password})));
        return digest_of(digest_, {salt, "-", digits.view()});
      }
      case Arrangement::twice:
        return digest_of(digest_, {digest_of(digest_, {password})});
    }
    return {};
  }

 private:
  const Digest digest_;
  const Arrangement arrangement_;
};

class Repeated final : public Kdf {
 public:
  Repeated(Digest digest, unsigned times) : digest_(digest), times_(times) {}

  /// Only the first digest depends on the length of the password.
  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return cost_of_rounds(times_ + blocks_of(digest_, password_bytes) - 1, 1, kRound);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{}, {} rounds", to_string(digest_), times_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const CoreShare core;
    std::string value = digest_of(digest_, {salt, password});
    for (unsigned i = 1; i < times_; ++i) value = digest_of(digest_, {value});
    return value;
  }

 private:
  const Digest digest_;
  const unsigned times_;
};

class Prehashed final : public Kdf {
 public:
  Prehashed(KdfPointer inner, PasswordTransform transform, std::string_view name)
      : inner_(std::move(inner)),
        transform_(transform),
        name_(name),
        prehash_bytes_(transform_("").size()) {}

  /// The inner function gets the prehash, which has one length; the digest before it gets the
  /// password.
  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost cost = inner_->cost(prehash_bytes_);
    cost.time += cost_of_rounds(1, blocks_of(Digest::md5, password_bytes), kRound).time;
    return cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    auto inner = inner_->part(share);
    return inner ? std::make_shared<Prehashed>(std::move(inner), transform_, name_) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{} over {}", inner_->parameters(), name_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const Secret transformed(transform_(password));
    return inner_->derive(transformed.view(), salt, length);
  }

 private:
  const KdfPointer inner_;
  const PasswordTransform transform_;
  const std::string_view name_;
  const std::size_t prehash_bytes_;
};

}  // namespace

KdfPointer make_simple(Digest digest, Arrangement arrangement) {
  return std::make_shared<Simple>(digest, arrangement);
}

KdfPointer make_repeated(Digest digest, unsigned times) {
  return std::make_shared<Repeated>(digest, times);
}

KdfPointer make_prehashed(KdfPointer inner, PasswordTransform transform, std::string_view name) {
  return std::make_shared<Prehashed>(std::move(inner), transform, name);
}

}  // namespace gatehouse::password
