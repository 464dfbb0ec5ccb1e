/// phpass's rounds over vectors (see wide.h).
#pragma once

#include "password/kdf/lanes/wide.h"

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see kernel.h
namespace gatehouse::password::lanes {
namespace {  // NOLINT(google-build-namespaces,cert-dcl59-cpp): as in wide.h

constexpr std::uint32_t kMd5Constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};
constexpr unsigned kMd5Rotations[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

/// Compresses one block of MD5 from its first state, and puts the digest at the block's front.
GATEHOUSE_WIDE_INLINE void md5_of_block(Words32* block) {
  const Words32 zero = {};
  const Words32 from[4] = {zero + 0x67452301U, zero + 0xefcdab89U, zero + 0x98badcfeU,
                           zero + 0x10325476U};
  Words32 s[4];
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 4; ++i) s[i] = from[i];
  GATEHOUSE_UNROLL
  for (unsigned t = 0; t < 64; ++t) {
    Words32& a = s[(64 - t) % 4];
    const Words32& b = s[(65 - t) % 4];
    const Words32& c = s[(66 - t) % 4];
    const Words32& d = s[(67 - t) % 4];
    const unsigned at = t < 16   ? t
                        : t < 32 ? (5 * t + 1) % 16
                        : t < 48 ? (3 * t + 5) % 16
                                 : 7 * t % 16;
    const Words32 f = t < 16   ? choose(b, c, d)
                      : t < 32 ? choose(d, b, c)
                      : t < 48 ? b ^ c ^ d
                               : c ^ (b | ~d);
    a = b + rotate_left(a + (block[at] + kMd5Constants[t]) + f, kMd5Rotations[t / 16][t % 4]);
  }
  GATEHOUSE_UNROLL
  for (unsigned i = 0; i < 4; ++i) block[i] = from[i] + s[i];
}

[[maybe_unused]] GATEHOUSE_WIDE_TARGET void run_wide_md5(void* const* chains, unsigned count,
                                                         std::uint64_t rounds) noexcept {
  Words32 block[16] = {};
  for (unsigned lane = 0; lane < count; ++lane) {
    const auto* const chain = static_cast<const Md5Chain*>(chains[lane]);
    for (unsigned i = 0; i < 16; ++i) block[i][lane] = chain->block[i];
  }
  for (std::uint64_t round = 0; round < rounds; ++round) md5_of_block(block);
  for (unsigned lane = 0; lane < count; ++lane) {
    auto* const chain = static_cast<Md5Chain*>(chains[lane]);
    for (unsigned i = 0; i < 4; ++i) chain->block[i] = block[i][lane];
  }
  forget(block, sizeof block);
}

}  // namespace
}  // namespace gatehouse::password::lanes
// NOLINTEND(modernize-avoid-c-arrays)
