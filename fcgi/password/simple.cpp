#include "password/simple.h"

#include <fmt/core.h>

#include <utility>

namespace gatehouse::password {
namespace {

/// Of one digest over a password of usual length; it only must not be zero.
constexpr std::uint64_t kPicosecondsEach = 400'000;

class Simple final : public Kdf {
 public:
  Simple(Digest digest, Arrangement arrangement) : digest_(digest), arrangement_(arrangement) {}

  [[nodiscard]] Cost cost() const noexcept override { return cost_of(2, kPicosecondsEach); }
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

  [[nodiscard]] Cost cost() const noexcept override { return cost_of(times_, kPicosecondsEach); }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{}, {} rounds", to_string(digest_), times_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
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
      : inner_(std::move(inner)), transform_(transform), name_(name) {}

  [[nodiscard]] Cost cost() const noexcept override { return inner_->cost(); }
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
