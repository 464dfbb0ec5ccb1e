/// OpenSSL's compression functions of SHA-1, SHA-256 and SHA-512, as types for the
/// template in hmac.h. GATEHOUSE_HAS_COMPRESSION is not defined where OpenSSL lacks them.
#pragma once

#include <openssl/opensslconf.h>

#ifndef OPENSSL_NO_DEPRECATED_3_0
#define GATEHOUSE_HAS_COMPRESSION 1

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// OpenSSL has deprecated them since 3.0 in favour of EVP, whose overhead per call is what we avoid.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace gatehouse {

/// `word` as big-endian bytes at `out`.
inline void store(std::uint32_t word, unsigned char* out) noexcept {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
  std::memcpy(out, &word, sizeof word);
}
inline void store(std::uint64_t word, unsigned char* out) noexcept {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  std::memcpy(out, &word, sizeof word);
}
/// The word whose big-endian bytes are at `bytes`.
template <class Word>
[[nodiscard]] Word load(const unsigned char* bytes) noexcept {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof word; ++i) {
    word = static_cast<Word>(word << 8U) | bytes[i];
  }
  return word;
}

/// Each of these types gives the state of a context as words of this machine (`to_words`), and a
/// context with such a state, which is good for compress_into() alone (`from_words`).
struct Sha1 {
  using Context = SHA_CTX;
  static constexpr std::size_t kBlockBytes = 64;
  static constexpr std::size_t kDigestBytes = 20;

  static Context start() noexcept {
    Context context;
    SHA1_Init(&context);
    return context;
  }
  static void update(Context& context, const void* data, std::size_t size) noexcept {
    SHA1_Update(&context, data, size);
  }
  static void finish(Context& context, unsigned char* out) noexcept { SHA1_Final(out, &context); }
  /// Compresses `block` from the state of `from` and puts the new state at the block's front. It
  /// works in `context`, whose owner wipes it.
  static void compress_into(const Context& from, std::array<unsigned char, kBlockBytes>& block,
                            Context& context) noexcept {
    context = from;
    SHA1_Transform(&context, block.data());
    store(context.h0, &block[0]);
    store(context.h1, &block[4]);
    store(context.h2, &block[8]);
    store(context.h3, &block[12]);
    store(context.h4, &block[16]);
  }
  static Context from_words(const std::uint32_t* words) noexcept {
    Context context = start();
    context.h0 = words[0];
    context.h1 = words[1];
    context.h2 = words[2];
    context.h3 = words[3];
    context.h4 = words[4];
    return context;
  }
  static void to_words(const Context& from, std::uint32_t* words) noexcept {
    words[0] = from.h0;
    words[1] = from.h1;
    words[2] = from.h2;
    words[3] = from.h3;
    words[4] = from.h4;
  }
};

struct Sha256 {
  using Context = SHA256_CTX;
  static constexpr std::size_t kBlockBytes = 64;
  static constexpr std::size_t kDigestBytes = 32;

  static Context start() noexcept {
    Context context;
    SHA256_Init(&context);
    return context;
  }
  static void update(Context& context, const void* data, std::size_t size) noexcept {
    SHA256_Update(&context, data, size);
  }
  static void finish(Context& context, unsigned char* out) noexcept { SHA256_Final(out, &context); }
  static void compress_into(const Context& from, std::array<unsigned char, kBlockBytes>& block,
                            Context& context) noexcept {
    // Only the chaining value is read: copying the whole context would cost more than it.
    std::memcpy(context.h, from.h, sizeof context.h);
    SHA256_Transform(&context, block.data());
    for (std::size_t i = 0; i < 8; ++i) store(context.h[i], &block[4 * i]);
  }
  static Context from_words(const std::uint32_t* words) noexcept {
    Context context = start();
    std::copy_n(words, 8, context.h);
    return context;
  }
  static void to_words(const Context& from, std::uint32_t* words) noexcept {
    std::copy_n(from.h, 8, words);
  }
};

struct Sha512 {
  using Context = SHA512_CTX;
  static constexpr std::size_t kBlockBytes = 128;
  static constexpr std::size_t kDigestBytes = 64;

  static Context start() noexcept {
    Context context;
    SHA512_Init(&context);
    return context;
  }
  static void update(Context& context, const void* data, std::size_t size) noexcept {
    SHA512_Update(&context, data, size);
  }
  static void finish(Context& context, unsigned char* out) noexcept { SHA512_Final(out, &context); }
  static void compress_into(const Context& from, std::array<unsigned char, kBlockBytes>& block,
                            Context& context) noexcept {
    std::memcpy(context.h, from.h, sizeof context.h);
    SHA512_Transform(&context, block.data());
    for (std::size_t i = 0; i < 8; ++i) {
      store(static_cast<std::uint64_t>(context.h[i]), &block[8 * i]);
    }
  }
  static Context from_words(const std::uint64_t* words) noexcept {
    Context context = start();
    std::copy_n(words, 8, context.h);
    return context;
  }
  static void to_words(const Context& from, std::uint64_t* words) noexcept {
    std::copy_n(from.h, 8, words);
  }
};

}  // namespace gatehouse

#pragma GCC diagnostic pop
#endif
