/// PBKDF2's rounds with SHA-1 and SHA-2 over vectors (see wide.h).
#pragma once

#include "password/kdf/lanes/wide.h"

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see kernel.h
namespace gatehouse::password::lanes {
namespace {  // NOLINT(google-build-namespaces,cert-dcl59-cpp): as in wide.h

struct WideSha256 {
  using Word = std::uint32_t;
  using V = Words32;
  static constexpr unsigned kWords = 8;
  static constexpr unsigned kRounds = 64;
  static constexpr Word kConstants[kRounds] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2,
  };
  GATEHOUSE_WIDE_INLINE V mix0(V x) { return rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3); }
  GATEHOUSE_WIDE_INLINE V mix1(V x) {
    return rotate_right(x, 17) ^ rotate_right(x, 19) ^ (x >> 10);
  }
  GATEHOUSE_WIDE_INLINE V sum0(V x) {
    return rotate_right(x, 2) ^ rotate_right(x, 13) ^ rotate_right(x, 22);
  }
  GATEHOUSE_WIDE_INLINE V sum1(V x) {
    return rotate_right(x, 6) ^ rotate_right(x, 11) ^ rotate_right(x, 25);
  }
};

struct WideSha512 {
  using Word = std::uint64_t;
  using V = Words64;
  static constexpr unsigned kWords = 8;
  static constexpr unsigned kRounds = 80;
  static constexpr Word kConstants[kRounds] = {
      0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
      0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
      0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
      0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
      0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
      0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
      0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
      0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
      0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
      0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
      0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
      0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
      0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
      0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
      0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
      0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
      0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
      0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
      0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
      0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
  };
  GATEHOUSE_WIDE_INLINE V mix0(V x) { return rotate_right(x, 1) ^ rotate_right(x, 8) ^ (x >> 7); }
  GATEHOUSE_WIDE_INLINE V mix1(V x) { return rotate_right(x, 19) ^ rotate_right(x, 61) ^ (x >> 6); }
  GATEHOUSE_WIDE_INLINE V sum0(V x) {
    return rotate_right(x, 28) ^ rotate_right(x, 34) ^ rotate_right(x, 39);
  }
  GATEHOUSE_WIDE_INLINE V sum1(V x) {
    return rotate_right(x, 14) ^ rotate_right(x, 18) ^ rotate_right(x, 41);
  }
};

/// Compresses one block of SHA-2, of which `w` has the words, from the state `from`. The first
/// words of `w` become the new state; the others are lost.
template <class Sha2>
GATEHOUSE_WIDE_INLINE void compress_sha2(const typename Sha2::V* from, typename Sha2::V* w) {
  using V = typename Sha2::V;
  V s[8];
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 8; ++i) s[i] = from[i];
  GATEHOUSE_UNROLL
  for (unsigned t = 0; t < Sha2::kRounds; ++t) {
    if (t >= 16) {
      w[t % 16] += Sha2::mix1(w[(t + 14) % 16]) + w[(t + 9) % 16] + Sha2::mix0(w[(t + 1) % 16]);
    }
    // Instead of moving the eight values on by one, the names move: a is s[-t].
    V& d = s[(83 - t) % 8];
    V& h = s[(87 - t) % 8];
    const V& a = s[(80 - t) % 8];
    const V& b = s[(81 - t) % 8];
    const V& c = s[(82 - t) % 8];
    const V& e = s[(84 - t) % 8];
    const V& f = s[(85 - t) % 8];
    const V& g = s[(86 - t) % 8];
    const V first = h + Sha2::sum1(e) + choose(e, f, g) + (w[t % 16] + Sha2::kConstants[t]);
    d += first;
    h = first + Sha2::sum0(a) + majority(a, b, c);
  }
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 8; ++i) w[i] = from[i] + s[i];
}

struct WideSha1 {
  using Word = std::uint32_t;
  using V = Words32;
  static constexpr unsigned kWords = 5;
};

GATEHOUSE_WIDE_INLINE void compress_sha1(const Words32* from, Words32* w) {
  Words32 s[5];
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 5; ++i) s[i] = from[i];
  GATEHOUSE_UNROLL
  for (unsigned t = 0; t < 80; ++t) {
    if (t >= 16) {
      w[t % 16] = rotate_left(w[(t + 13) % 16] ^ w[(t + 8) % 16] ^ w[(t + 2) % 16] ^ w[t % 16], 1);
    }
    Words32& b = s[(81 - t) % 5];
    Words32& e = s[(84 - t) % 5];
    const Words32& a = s[(80 - t) % 5];
    const Words32& c = s[(82 - t) % 5];
    const Words32& d = s[(83 - t) % 5];
    constexpr std::uint32_t kConstants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    const Words32 f = t < 20 ? choose(b, c, d) : t >= 40 && t < 60 ? majority(b, c, d) : b ^ c ^ d;
    e += rotate_left(a, 5) + f + (w[t % 16] + kConstants[t / 20]);
    b = rotate_left(b, 30);
  }
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 5; ++i) w[i] = from[i] + s[i];
}

GATEHOUSE_WIDE_INLINE void compress(WideSha256 /*digest*/, const Words32* from, Words32* w) {
  compress_sha2<WideSha256>(from, w);
}
GATEHOUSE_WIDE_INLINE void compress(WideSha512 /*digest*/, const Words64* from, Words64* w) {
  compress_sha2<WideSha512>(from, w);
}
GATEHOUSE_WIDE_INLINE void compress(WideSha1 /*digest*/, const Words32* from, Words32* w) {
  compress_sha1(from, w);
}

/// Replaces the first words of `w` by the HMAC of them, one half of it for each call.
template <class Digest>
GATEHOUSE_WIDE_INLINE void half_of_hmac(const typename Digest::V* pad, typename Digest::V* w) {
  using Word = typename Digest::Word;
  using V = typename Digest::V;
  constexpr Word kHighBit = Word{1} << (8 * sizeof(Word) - 1);
  w[Digest::kWords] = V{} + kHighBit;
  GATEHOUSE_UNROLL
  for (unsigned i = Digest::kWords + 1; i < 15; ++i) w[i] = V{};
  w[15] = V{} + Word{(16 + Digest::kWords) * 8 * sizeof(Word)};
  compress(Digest{}, pad, w);
}

/// Rounds of PBKDF2 over at most kWideLanes chains.
template <class Digest, class Chain>
GATEHOUSE_WIDE_TARGET void run_wide_hmac(void* const* chains, unsigned count,
                                         std::uint64_t rounds) noexcept {
  using V = typename Digest::V;
  constexpr unsigned kWords = Digest::kWords;
  V inner[kWords] = {};
  V outer[kWords] = {};
  V sum[kWords] = {};
  V w[16] = {};
  for (unsigned lane = 0; lane < count; ++lane) {
    const auto* const chain = static_cast<const Chain*>(chains[lane]);
    for (unsigned i = 0; i < kWords; ++i) {
      inner[i][lane] = chain->inner[i];
      outer[i][lane] = chain->outer[i];
      w[i][lane] = chain->value[i];
      sum[i][lane] = chain->sum[i];
    }
  }
  for (std::uint64_t round = 0; round < rounds; ++round) {
    half_of_hmac<Digest>(inner, w);
    half_of_hmac<Digest>(outer, w);
    GATEHOUSE_UNROLL
    for (unsigned i = 0; i < kWords; ++i) sum[i] ^= w[i];
  }
  for (unsigned lane = 0; lane < count; ++lane) {
    auto* const chain = static_cast<Chain*>(chains[lane]);
    for (unsigned i = 0; i < kWords; ++i) {
      chain->value[i] = w[i][lane];
      chain->sum[i] = sum[i][lane];
    }
  }
  forget(inner, sizeof inner);
  forget(outer, sizeof outer);
  forget(w, sizeof w);
  forget(sum, sizeof sum);
}

}  // namespace
}  // namespace gatehouse::password::lanes
// NOLINTEND(modernize-avoid-c-arrays)
