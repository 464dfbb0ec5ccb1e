#include "password/kdf/bcrypt_bytes.h"

#include <fmt/core.h>

#include <cstdint>

#include "password/kdf/bcrypt.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kBcryptLetters =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

class BcryptOfBytes final : public Kdf {
 public:
  explicit BcryptOfBytes(unsigned cost) : cost_(cost) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 43'000'000;
    return cost_of(std::uint64_t{1} << cost_, kPicosecondsEach);
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const unsigned halvings = halvings_to(share);
    if (cost_ < kLeastBcryptCost + halvings) return nullptr;
    return std::make_shared<BcryptOfBytes>(cost_ - halvings);
  }
  [[nodiscard]] std::string parameters() const override { return fmt::format("cost {}", cost_); }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const auto bytes = bcrypt_base64_decode(salt);
    if (!bytes || bytes->size() != kBcryptSaltBytes) return {};
    return bcrypt_base64_encode(bcrypt_bytes(password, *bytes, cost_));
  }

 private:
  const unsigned cost_;
};

}  // namespace

std::string bcrypt_base64_encode(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6) text += kBcryptLetters[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) text += kBcryptLetters[(bits << (6 - held)) & 63U];
  return text;
}

std::optional<std::string> bcrypt_base64_decode(std::string_view letters) {
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char letter : letters) {
    const auto value = kBcryptLetters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xffU);
  }
  return bytes;
}

KdfPointer make_bcrypt_of_bytes(unsigned cost) {
  return std::make_shared<BcryptOfBytes>(cost);
}

}  // namespace gatehouse::password
