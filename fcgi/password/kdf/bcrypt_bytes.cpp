#include "password/kdf/bcrypt_bytes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "password/kdf/crypt.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSubkeys = 18;
constexpr std::size_t kBoxes = 4 * 256UL;
constexpr std::string_view kBcryptLetters =
    "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A number below 16 as 32-bit words, the whole part first.
using Fixed = std::vector<std::uint32_t>;

void divide(Fixed& number, std::uint32_t by) noexcept {
  std::uint64_t rest = 0;
  for (std::uint32_t& word : number) {
    rest = (rest << 32U) | word;
    word = static_cast<std::uint32_t>(rest / by);
    rest %= by;
  }
}

void add_to(Fixed& sum, const Fixed& term, bool minus) noexcept {
  std::uint64_t carry = minus ? 1 : 0;
  for (std::size_t i = sum.size(); i-- > 0;) {
    carry += std::uint64_t{sum[i]} + (minus ? ~term[i] : term[i]);
    sum[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
}

/// factor * arctan(1 / x), by its power series.
void add_arctan(Fixed& sum, std::uint32_t factor, std::uint32_t x, bool minus) {
  Fixed power(sum.size(), 0);
  power.front() = factor;
  divide(power, x);
  for (std::uint32_t n = 1; std::any_of(power.begin(), power.end(), [](auto w) { return w != 0; });
       n += 2) {
    Fixed term = power;
    divide(term, n);
    add_to(sum, term, minus != (n % 4 == 3));
    divide(power, x * x);
  }
}

/// Blowfish's subkeys and boxes before any key: the digits of pi after the point (Schneier 1993).
/// They are computed by Machin's formula, which is shorter than their table.
std::vector<std::uint32_t> digits_of_pi() {
  constexpr std::size_t kSpare = 2;  // for the errors of the divisions
  Fixed pi(1 + kSubkeys + kBoxes + kSpare, 0);
  add_arctan(pi, 16, 5, false);
  add_arctan(pi, 4, 239, true);
  return {pi.begin() + 1, pi.begin() + 1 + kSubkeys + kBoxes};
}

/// They are computed once, which takes as long as a bcrypt of cost 12.
const std::vector<std::uint32_t>& start_of_blowfish() {
  static const std::vector<std::uint32_t> start = digits_of_pi();
  return start;
}

/// Blowfish with the key schedule of bcrypt (Provos and Mazières 1999).
class Blowfish {
 public:
  Blowfish() {
    const std::vector<std::uint32_t>& start = start_of_blowfish();
    std::copy(start.begin(), start.begin() + kSubkeys, subkeys_.begin());
    std::copy(start.begin() + kSubkeys, start.end(), boxes_.begin());
  }
  ~Blowfish() {
    wipe(std::span(reinterpret_cast<unsigned char*>(subkeys_.data()), sizeof subkeys_));
    wipe(std::span(reinterpret_cast<unsigned char*>(boxes_.data()), sizeof boxes_));
  }
  Blowfish(const Blowfish&) = delete;
  Blowfish& operator=(const Blowfish&) = delete;
  Blowfish(Blowfish&&) = delete;
  Blowfish& operator=(Blowfish&&) = delete;

  /// `salt` has four words, or none for zeros.
  void expand(std::string_view key, std::string_view salt) noexcept {
    std::size_t at = 0;
    for (std::uint32_t& subkey : subkeys_) subkey ^= next_word(key, at);
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    at = 0;
    const auto fill = [&](auto& words) {
      for (std::size_t i = 0; i < words.size(); i += 2) {
        if (!salt.empty()) {
          left ^= next_word(salt, at);
          right ^= next_word(salt, at);
        }
        encrypt(left, right);
        words[i] = left;
        words[i + 1] = right;
      }
    };
    fill(subkeys_);
    fill(boxes_);
  }

  void encrypt(std::uint32_t& left, std::uint32_t& right) const noexcept {
    std::uint32_t l = left;
    std::uint32_t r = right;
    for (std::size_t i = 0; i < 16; i += 2) {
      l ^= subkeys_[i];
      r ^= mix(l);
      r ^= subkeys_[i + 1];
      l ^= mix(r);
    }
    left = r ^ subkeys_[17];
    right = l ^ subkeys_[16];
  }

  /// The next four bytes of a text that is repeated without end.
  static std::uint32_t next_word(std::string_view text, std::size_t& at) noexcept {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) {
      word = (word << 8U) | static_cast<unsigned char>(text[at]);
      at = at + 1 == text.size() ? 0 : at + 1;
    }
    return word;
  }

 private:
  [[nodiscard]] std::uint32_t mix(std::uint32_t x) const noexcept {
    return ((boxes_[x >> 24U] + boxes_[0x100 + ((x >> 16U) & 0xffU)]) ^
            boxes_[0x200 + ((x >> 8U) & 0xffU)]) +
           boxes_[0x300 + (x & 0xffU)];
  }

  std::array<std::uint32_t, kSubkeys> subkeys_{};
  std::array<std::uint32_t, kBoxes> boxes_{};
};

/// The 23 bytes of bcrypt. `key` is not empty; `salt` has 16 bytes.
std::string bcrypt_bytes(std::string_view key, std::string_view salt, unsigned cost) {
  Blowfish blowfish;
  blowfish.expand(key, salt);
  for (std::uint64_t i = 0; i < std::uint64_t{1} << cost; ++i) {
    blowfish.expand(key, {});
    blowfish.expand(salt, {});
  }
  constexpr std::string_view kBcryptMagic = "OrpheanBeholderScryDoubt";
  std::string out;
  std::size_t at = 0;
  for (int block = 0; block < 3; ++block) {
    std::uint32_t left = Blowfish::next_word(kBcryptMagic, at);
    std::uint32_t right = Blowfish::next_word(kBcryptMagic, at);
    for (int i = 0; i < 64; ++i) blowfish.encrypt(left, right);
    for (const std::uint32_t word : {left, right}) {
      for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        out += static_cast<char>((word >> shift) & 0xffU);
      }
    }
  }
  out.pop_back();
  return out;
}

class BcryptOfBytes final : public Kdf {
 public:
  explicit BcryptOfBytes(unsigned cost) : cost_(cost) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 60'000'000;
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
    constexpr std::size_t kBcryptSaltBytes = 16;
    const auto bytes = bcrypt_base64_decode(salt);
    if (!bytes || bytes->size() != kBcryptSaltBytes) return {};
    std::string key(password.substr(0, kBcryptPasswordBytes));
    key += '\0';
    const Secret whole(std::move(key));
    return bcrypt_base64_encode(
        bcrypt_bytes(whole.view().substr(0, kBcryptPasswordBytes), *bytes, cost_));
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
  static_cast<void>(start_of_blowfish());  // not within a run that is measured (equaliser.h)
  return std::make_shared<BcryptOfBytes>(cost);
}

}  // namespace gatehouse::password
