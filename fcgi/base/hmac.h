/// HMAC whose two pads are computed once: through EVP, what each call costs beside the hashing is
/// more than the hashing of a short message.
#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/compression.h"

#ifdef GATEHOUSE_HAS_COMPRESSION
namespace gatehouse {

/// HMAC (RFC 2104) with one key, over a `Hash` of compression.h. Thread-safe; wiped at its end.
template <class Hash>
class Hmac {
 public:
  using Bytes = std::array<unsigned char, Hash::kDigestBytes>;

  explicit Hmac(std::string_view key) noexcept {
    std::array<unsigned char, Hash::kBlockBytes> block{};
    if (key.size() > block.size()) {
      const Bytes hashed = finish(Hash::start(), key);
      std::copy(hashed.begin(), hashed.end(), block.begin());
    } else {
      std::copy(key.begin(), key.end(), block.begin());
    }
    inner_ = absorb(block, 0x36);
    outer_ = absorb(block, 0x5c);
    OPENSSL_cleanse(block.data(), block.size());
  }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  Hmac(Hmac&&) = delete;
  Hmac& operator=(Hmac&&) = delete;
  ~Hmac() {
    OPENSSL_cleanse(&inner_, sizeof inner_);
    OPENSSL_cleanse(&outer_, sizeof outer_);
  }

  /// The MAC of the parts, one after the other.
  [[nodiscard]] Bytes of(std::span<const std::string_view> parts) const noexcept {
    auto context = inner_;
    for (const auto part : parts) Hash::update(context, part.data(), part.size());
    Bytes inside;
    Hash::finish(context, inside.data());
    return finish(outer_, {reinterpret_cast<const char*>(inside.data()), inside.size()});
  }

  /// The states after the two pads, which are as secret as the key (Hash::to_words).
  template <class Word>
  void pads(Word* inner, Word* outer) const noexcept {
    Hash::to_words(inner_, inner);
    Hash::to_words(outer_, outer);
  }

  /// A block for a message of one digest that follows a pad: its closing bit and total length. So
  /// the HMAC of that message is one compression from each of the two states.
  [[nodiscard]] static std::array<unsigned char, Hash::kBlockBytes> padded_block() noexcept {
    std::array<unsigned char, Hash::kBlockBytes> block{};
    constexpr std::size_t kBits = (Hash::kBlockBytes + Hash::kDigestBytes) * 8;
    block[Hash::kDigestBytes] = 0x80;
    block[Hash::kBlockBytes - 2] = kBits >> 8U;
    block[Hash::kBlockBytes - 1] = kBits & 0xffU;
    return block;
  }

 private:
  static typename Hash::Context absorb(std::array<unsigned char, Hash::kBlockBytes> block,
                                       unsigned char pad) noexcept {
    for (unsigned char& byte : block) byte ^= pad;
    auto context = Hash::start();
    Hash::update(context, block.data(), block.size());
    OPENSSL_cleanse(block.data(), block.size());
    return context;
  }
  static Bytes finish(typename Hash::Context context, std::string_view message) noexcept {
    Hash::update(context, message.data(), message.size());
    Bytes out;
    Hash::finish(context, out.data());
    return out;
  }

  typename Hash::Context inner_;
  typename Hash::Context outer_;
};

}  // namespace gatehouse
#endif
