/// Digests over vectors: each element belongs to a lane of its own. To be included by one source
/// file for each kind of processor, which says before what it compiles for:
///
///     #define GATEHOUSE_WIDE_TARGET [[gnu::target("avx2")]]
///     #define GATEHOUSE_WIDE_BYTES 32
///
/// SHA-1 and SHA-2 are those of FIPS 180-4, MD5 that of RFC 1321. A message here is always one
/// block whose end is known: what was hashed before, and the padding.
#pragma once

#include "password/kdf/lanes/kernel.h"

#ifndef GATEHOUSE_WIDE_TARGET
#define GATEHOUSE_WIDE_TARGET
#define GATEHOUSE_WIDE_BYTES 16
#endif
#define GATEHOUSE_WIDE_INLINE GATEHOUSE_WIDE_TARGET [[gnu::always_inline]] static inline
#ifdef __clang__
#define GATEHOUSE_UNROLL _Pragma("unroll")
#else
#define GATEHOUSE_UNROLL _Pragma("GCC unroll 80")
#endif

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see kernel.h
namespace gatehouse::password::lanes {
namespace {  // NOLINT(google-build-namespaces,cert-dcl59-cpp): each target has a copy of its own

using Words32 [[gnu::vector_size(GATEHOUSE_WIDE_BYTES)]] = std::uint32_t;
using Words64 [[gnu::vector_size(GATEHOUSE_WIDE_BYTES)]] = std::uint64_t;

template <class V>
GATEHOUSE_WIDE_INLINE V rotate_left(V x, unsigned by) {
  return (x << by) | (x >> (8 * sizeof(x[0]) - by));
}
template <class V>
GATEHOUSE_WIDE_INLINE V rotate_right(V x, unsigned by) {
  return (x >> by) | (x << (8 * sizeof(x[0]) - by));
}
template <class V>
GATEHOUSE_WIDE_INLINE V choose(V x, V y, V z) {
  return z ^ (x & (y ^ z));
}
template <class V>
GATEHOUSE_WIDE_INLINE V majority(V x, V y, V z) {
  return (x & y) | (z & (x | y));
}

}  // namespace
}  // namespace gatehouse::password::lanes
// NOLINTEND(modernize-avoid-c-arrays)
