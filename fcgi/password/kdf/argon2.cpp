#include "password/kdf/argon2.h"

#include <argon2.h>
#include <fmt/core.h>

#include "password/kdf/engine.h"

namespace gatehouse::password {
namespace {

class Argon2 final : public Kdf {
 public:
  explicit Argon2(const Argon2Parameters& parameters) : parameters_(parameters) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 1'000'000;  // for a KiB in one pass
    return cost_of(saturating_multiply(parameters_.memory_kib, parameters_.passes),
                   kPicosecondsEach, saturating_multiply(parameters_.memory_kib, 1024));
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    Argon2Parameters less = parameters_;
    less.memory_kib = share_of(less.memory_kib, share);
    return make_argon2(less);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("m={} t={} p={}", parameters_.memory_kib, parameters_.passes,
                       parameters_.lanes);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const CoreShare core;
    std::string out(length, '\0');
    // The library reads both through pointers to non-const.
    std::string salt_copy(salt);
    Secret phrase = Secret::copy_of(password);
    argon2_context context{};
    context.out = reinterpret_cast<std::uint8_t*>(out.data());
    context.outlen = static_cast<std::uint32_t>(out.size());
    context.pwd = reinterpret_cast<std::uint8_t*>(const_cast<char*>(phrase.view().data()));
    context.pwdlen = static_cast<std::uint32_t>(phrase.size());
    context.salt = reinterpret_cast<std::uint8_t*>(salt_copy.data());
    context.saltlen = static_cast<std::uint32_t>(salt_copy.size());
    context.t_cost = static_cast<std::uint32_t>(parameters_.passes);
    context.m_cost = static_cast<std::uint32_t>(parameters_.memory_kib);
    context.lanes = static_cast<std::uint32_t>(parameters_.lanes);
    context.threads = 1;
    context.version = parameters_.version;
    context.flags = ARGON2_DEFAULT_FLAGS;
    return argon2_ctx(&context, type()) == ARGON2_OK ? out : std::string();
  }

 private:
  [[nodiscard]] argon2_type type() const noexcept {
    switch (parameters_.variant) {
      case Argon2Variant::d:
        return Argon2_d;
      case Argon2Variant::i:
        return Argon2_i;
      case Argon2Variant::id:
        break;
    }
    return Argon2_id;
  }

  const Argon2Parameters parameters_;
};

}  // namespace

KdfPointer make_argon2(const Argon2Parameters& parameters) {
  const auto& [variant, version, memory, passes, lanes] = parameters;
  const bool sound = lanes >= 1 && lanes <= ARGON2_MAX_LANES && passes >= 1 &&
                     memory >= saturating_multiply(lanes, 8);
  return sound ? std::make_shared<Argon2>(parameters) : nullptr;
}

}  // namespace gatehouse::password
