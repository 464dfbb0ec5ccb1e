#include "password/kdf/bcrypt.h"

#include <fmt/core.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "password/kdf/bcrypt_bytes.h"
#include "password/kdf/blowfish_start.h"
#include "password/kdf/crypt.h"
#include "password/kdf/engine.h"
#include "password/kdf/lanes/kernels.h"

namespace gatehouse::password {
namespace {

using lanes::BlowfishChain;
using KeyBytes = std::array<char, kBcryptPasswordBytes>;

std::uint32_t mix(const BlowfishChain& chain, std::uint32_t x) noexcept {
  const auto& boxes = chain.boxes;
  return ((boxes[x >> 24U] + boxes[0x100 + ((x >> 16U) & 0xffU)]) ^
          boxes[0x200 + ((x >> 8U) & 0xffU)]) +
         boxes[0x300 + (x & 0xffU)];
}

void encrypt(const BlowfishChain& chain, std::uint32_t& left, std::uint32_t& right) noexcept {
  const auto& subkeys = chain.subkeys;
  std::uint32_t l = left;
  std::uint32_t r = right;
  for (std::size_t i = 0; i < 16; i += 2) {
    l ^= subkeys[i];
    r ^= mix(chain, l);
    r ^= subkeys[i + 1];
    l ^= mix(chain, r);
  }
  left = r ^ subkeys[17];
  right = l ^ subkeys[16];
}

/// The next four bytes of a text that is repeated without end.
std::uint32_t next_word(std::string_view text, std::size_t& at) noexcept {
  std::uint32_t word = 0;
  for (int i = 0; i < 4; ++i) {
    word = (word << 8U) | static_cast<unsigned char>(text[at]);
    at = at + 1 == text.size() ? 0 : at + 1;
  }
  return word;
}

}  // namespace

void begin_bcrypt(BlowfishChain& chain, std::string_view password, std::string_view salt) noexcept {
  KeyBytes key{};
  const std::size_t length = std::min(password.size(), key.size());
  std::copy_n(password.begin(), length, key.begin());
  // The key is the password with a closing NUL byte, which a password of 72 bytes has no place for.
  const std::string_view used(key.data(), std::min(length + 1, key.size()));
  std::size_t key_at = 0;
  for (std::uint32_t& word : chain.key) word = next_word(used, key_at);
  OPENSSL_cleanse(key.data(), key.size());
  std::size_t salt_at = 0;
  for (std::uint32_t& word : chain.salt) word = next_word(salt, salt_at);
  std::copy(first_boxes().begin(), first_boxes().end(), std::begin(chain.boxes));
  for (std::size_t i = 0; i < first_subkeys().size(); ++i) {
    chain.subkeys[i] = first_subkeys().at(i) ^ chain.key[i];
  }
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  salt_at = 0;
  const auto fill = [&](auto& words) {
    for (std::size_t i = 0; i < std::size(words); i += 2) {
      left ^= next_word(salt, salt_at);
      right ^= next_word(salt, salt_at);
      encrypt(chain, left, right);
      words[i] = left;
      words[i + 1] = right;
    }
  };
  fill(chain.subkeys);
  fill(chain.boxes);
}

std::string end_of_bcrypt(const BlowfishChain& chain) {
  constexpr std::string_view kBcryptMagic = "OrpheanBeholderScryDoubt";
  std::string out;
  std::size_t at = 0;
  for (int block = 0; block < 3; ++block) {
    std::uint32_t left = next_word(kBcryptMagic, at);
    std::uint32_t right = next_word(kBcryptMagic, at);
    for (int i = 0; i < 64; ++i) encrypt(chain, left, right);
    for (const std::uint32_t word : {left, right}) {
      for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        out += static_cast<char>((word >> shift) & 0xffU);
      }
    }
  }
  out.pop_back();
  return out;
}

std::string bcrypt_bytes(std::string_view password, std::string_view salt, unsigned cost) {
  WipedChain<BlowfishChain> chain;
  begin_bcrypt(*chain.get(), password, salt);
  run_chain(lanes::best_kernel(lanes::Function::blowfish), chain.get(), std::uint64_t{1} << cost);
  return end_of_bcrypt(*chain.get());
}

namespace {

bool has_high_byte(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) > 127; });
}

/// True for hashes that we may compute ourselves.
bool is_plain(std::string_view variant, std::string_view password) noexcept {
  if (variant == "$2a$") return !has_high_byte(password);
  return variant == "$2b$" || variant == "$2y$";
}

/// bcrypt_bytes(), or what does the same.
using Bytes = std::string (*)(std::string_view password, std::string_view salt, unsigned cost);

/// The whole hash. Empty if the salt is none.
std::string hash_of(const std::string& prefix, std::string_view salt, std::string_view password,
                    unsigned cost, Bytes bytes_of) {
  const auto bytes = bcrypt_base64_decode(salt);
  if (!bytes || bytes->size() != kBcryptSaltBytes) return {};
  return prefix + bcrypt_base64_encode(*bytes) +
         bcrypt_base64_encode(bytes_of(password, *bytes, cost));
}

std::string bytes_at_once(std::string_view password, std::string_view salt, unsigned cost) {
  WipedChain<BlowfishChain> chain;
  begin_bcrypt(*chain.get(), password, salt);
  void* one = chain.get();
  lanes::best_kernel(lanes::Function::blowfish).run(&one, 1, std::uint64_t{1} << cost);
  return end_of_bcrypt(*chain.get());
}

std::string prefix_of(std::string_view variant, unsigned cost) {
  return fmt::format("{}{:02}$", variant, cost);
}

/// True if we and libxcrypt agree on some passwords: of no bytes, of bytes over 127 (among them
/// those that the old mistake confuses), and of as many bytes as count, and one more. It waits for
/// no other login: others may wait for it while they hold a core.
bool agrees_with_libxcrypt() {
  const std::string longest(kBcryptPasswordBytes, 'x');
  const std::array<std::string, 6> passwords = {
      "", "U*U*U", "\xff\xff\xa3", "\xc3\xa4 \x80\x81\xfe\xff 1a", longest, longest + "y"};
  constexpr std::string_view kSalt = "abcdefghijklmnopqrstuu";
  constexpr std::array<std::string_view, 3> kVariants = {"$2b$", "$2y$", "$2a$"};
  std::size_t at = 0;
  return std::all_of(passwords.begin(), passwords.end(), [&](const std::string& password) {
    const bool high = has_high_byte(password);
    const std::string_view variant = kVariants.at(at++ % (high ? 2 : kVariants.size()));
    const std::string prefix = prefix_of(variant, kLeastBcryptCost);
    const auto theirs =
        crypt_at_once(Secret::copy_of(std::string_view(password).substr(0, kBcryptPasswordBytes)),
                      prefix + std::string(kSalt));
    return hash_of(prefix, kSalt, password, kLeastBcryptCost, bytes_at_once) == theirs;
  });
}

bool may_compute() {
  static const bool agrees = agrees_with_libxcrypt();
  return agrees;
}

class Bcrypt final : public Kdf {
 public:
  Bcrypt(std::string_view variant, unsigned cost)
      : variant_(variant),
        cost_(cost),
        prefix_(prefix_of(variant, cost)),
        libxcrypt_(make_bcrypt_of_libxcrypt(variant, cost)) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 43'000'000;
    return cost_of(std::uint64_t{1} << cost_, kPicosecondsEach);
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const unsigned halvings = halvings_to(share);
    if (cost_ < kLeastBcryptCost + halvings) return nullptr;
    return make_bcrypt(variant_, cost_ - halvings);
  }
  [[nodiscard]] std::string parameters() const override { return fmt::format("cost {}", cost_); }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    if (!may_compute() || !is_plain(variant_, password)) {
      return libxcrypt_->derive(password, salt, length);
    }
    // crypt(3) reads to the first NUL byte, and so cannot tell such a password from another.
    const auto end = password.find('\0');
    std::string hash = hash_of(prefix_, salt, password.substr(0, end), cost_, bcrypt_bytes);
    return end == std::string_view::npos ? hash : std::string();
  }

 private:
  const std::string variant_;
  const unsigned cost_;
  const std::string prefix_;
  const KdfPointer libxcrypt_;
};

}  // namespace

KdfPointer make_bcrypt(std::string_view variant, unsigned cost) {
  static_cast<void>(may_compute());  // not within a run that is measured (equaliser.h)
  return std::make_shared<Bcrypt>(variant, cost);
}

}  // namespace gatehouse::password
