#include "password/kdf/scrypt.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <bit>

#include "password/kdf/digest.h"
#include "password/kdf/engine.h"

namespace gatehouse::password {
namespace {

class Scrypt final : public Kdf {
 public:
  explicit Scrypt(const ScryptParameters& parameters) : parameters_(parameters) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 282'000;
    const auto& [n, r, p] = parameters_;
    const std::uint64_t blocks =
        saturating_add(saturating_add(n, p), 2);  // the RFC's V, B, and room to work in
    return cost_of(saturating_multiply(saturating_multiply(n, r), p), kPicosecondsEach,
                   saturating_multiply(saturating_multiply(r, 128), blocks));
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const auto& [n, r, p] = parameters_;
    return make_scrypt({std::bit_floor(share_of(n, share)), r, p});
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("N={} r={} p={}", parameters_.n, parameters_.r, parameters_.p);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const CoreShare core;
    constexpr std::uint64_t kSlack = 1UL << 20U;
    std::string out(length, '\0');
    const int done = EVP_PBE_scrypt(password.data(), password.size(),
                                    reinterpret_cast<const unsigned char*>(salt.data()),
                                    salt.size(), parameters_.n, parameters_.r, parameters_.p,
                                    saturating_add(cost(password.size()).memory_bytes, kSlack),
                                    reinterpret_cast<unsigned char*>(out.data()), out.size());
    if (done != 1) ERR_clear_error();
    // scrypt begins with PBKDF2, keyed with the password.
    if (done != 1 || ends_in_hmac_padding(Digest::sha256, password)) return {};
    return out;
  }

 private:
  const ScryptParameters parameters_;
};

}  // namespace

KdfPointer make_scrypt(const ScryptParameters& parameters) {
  const auto& [n, r, p] = parameters;
  if (n < 2 || !std::has_single_bit(n) || r < 1 || p < 1) return nullptr;
  return std::make_shared<Scrypt>(parameters);
}

}  // namespace gatehouse::password
