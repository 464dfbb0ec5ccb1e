/// PBKDF2 with SHA-256 by the instructions that x86 has for it.
///
/// sha256rnds2 gives its result after four cycles and could begin another each second cycle: a lone
/// chain uses half of the unit. A round has two blocks, each a digest and its padding, of which
/// what does not change is known here: words 8 to 15, and the sums that are made of them alone.
#if defined(__x86_64__)
#include <immintrin.h>

#include "password/kdf/lanes/kernel.h"
#include "password/kdf/lanes/loops.h"

#define GATEHOUSE_SHA_NI [[gnu::target("sha,sse4.1")]]
#define GATEHOUSE_SHA_NI_INLINE GATEHOUSE_SHA_NI [[gnu::always_inline]] inline
#ifdef __clang__
#define GATEHOUSE_EACH_LANE _Pragma("unroll") for (unsigned l = 0; l < kLanes; ++l)
#else
#define GATEHOUSE_EACH_LANE _Pragma("GCC unroll 4") for (unsigned l = 0; l < kLanes; ++l)
#endif

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see kernel.h
namespace gatehouse::password::lanes {
namespace {

alignas(16) constexpr std::uint32_t kConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/// Four words of one chain. `Quad[kLanes]` has those of each.
using Quad = __m128i;

GATEHOUSE_SHA_NI_INLINE Quad load(const std::uint32_t* words) {
  return _mm_load_si128(reinterpret_cast<const Quad*>(words));
}
GATEHOUSE_SHA_NI_INLINE void store(std::uint32_t* words, Quad value) {
  _mm_store_si128(reinterpret_cast<Quad*>(words), value);
}

/// The state as the instructions want it: F E B A and H G D C, the lowest word first.
template <unsigned kLanes>
struct State {
  Quad feba[kLanes];
  Quad hgdc[kLanes];
};

/// Rounds 4 * `step` to 4 * `step` + 3, with these words of the message.
template <unsigned kLanes>
GATEHOUSE_SHA_NI_INLINE void four_rounds(State<kLanes>& s, unsigned step,
                                         const Quad (&words)[kLanes]) {
  Quad sum[kLanes];
  const Quad constants = load(kConstants + 4UL * step);
  GATEHOUSE_EACH_LANE sum[l] = _mm_add_epi32(words[l], constants);
  GATEHOUSE_EACH_LANE s.hgdc[l] = _mm_sha256rnds2_epu32(s.hgdc[l], s.feba[l], sum[l]);
  GATEHOUSE_EACH_LANE s.feba[l] =
      _mm_sha256rnds2_epu32(s.feba[l], s.hgdc[l], _mm_shuffle_epi32(sum[l], 0x0e));
}

/// Four rounds whose words follow from the sixteen before them: `a` has the oldest, and the new
/// ones afterwards.
template <unsigned kLanes>
GATEHOUSE_SHA_NI_INLINE void four_more(State<kLanes>& s, unsigned step, Quad (&a)[kLanes],
                                       const Quad (&b)[kLanes], const Quad (&c)[kLanes],
                                       const Quad (&d)[kLanes]) {
  GATEHOUSE_EACH_LANE a[l] = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(a[l], b[l]), _mm_alignr_epi8(d[l], c[l], 4)), d[l]);
  four_rounds(s, step, a);
}

/// Rounds 8 to 31: the words of the first eight are the padding of a digest, and the sums of the
/// others are partly of such words. `w0` and `w1` are the digest, and become words 16 to 23.
template <unsigned kLanes>
GATEHOUSE_SHA_NI_INLINE void padding_rounds(State<kLanes>& s, Quad (&w0)[kLanes],
                                            Quad (&w1)[kLanes], Quad (&w2)[kLanes],
                                            Quad (&w3)[kLanes]) {
  const Quad end = _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000U));
  const Quad length = _mm_set_epi32((64 + 32) * 8, 0, 0, 0);
  GATEHOUSE_EACH_LANE w2[l] = end;
  four_rounds(s, 2, w2);
  GATEHOUSE_EACH_LANE w3[l] = length;
  four_rounds(s, 3, w3);
  GATEHOUSE_EACH_LANE w0[l] = _mm_sha256msg2_epu32(_mm_sha256msg1_epu32(w0[l], w1[l]), length);
  four_rounds(s, 4, w0);
  GATEHOUSE_EACH_LANE w1[l] = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(w1[l], end), _mm_alignr_epi8(w0[l], length, 4)), w0[l]);
  four_rounds(s, 5, w1);
  GATEHOUSE_EACH_LANE w2[l] =
      _mm_sha256msg2_epu32(_mm_add_epi32(end, _mm_alignr_epi8(w1[l], w0[l], 4)), w1[l]);
  four_rounds(s, 6, w2);
  GATEHOUSE_EACH_LANE w3[l] = _mm_sha256msg2_epu32(
      _mm_add_epi32(_mm_sha256msg1_epu32(length, w0[l]), _mm_alignr_epi8(w2[l], w1[l], 4)), w2[l]);
  four_rounds(s, 7, w3);
}

/// Replaces a digest by that of itself after the block whose state is at `pads`.
template <unsigned kLanes>
GATEHOUSE_SHA_NI_INLINE void digest_after(const std::uint32_t* const (&pads)[kLanes],
                                          Quad (&w0)[kLanes], Quad (&w1)[kLanes]) {
  State<kLanes> s;
  Quad w2[kLanes];
  Quad w3[kLanes];
  GATEHOUSE_EACH_LANE {
    s.feba[l] = load(pads[l]);
    s.hgdc[l] = load(pads[l] + 4);
  }
  four_rounds(s, 0, w0);
  four_rounds(s, 1, w1);
  padding_rounds(s, w0, w1, w2, w3);
  four_more(s, 8, w0, w1, w2, w3);
  four_more(s, 9, w1, w2, w3, w0);
  four_more(s, 10, w2, w3, w0, w1);
  four_more(s, 11, w3, w0, w1, w2);
  four_more(s, 12, w0, w1, w2, w3);
  four_more(s, 13, w1, w2, w3, w0);
  four_more(s, 14, w2, w3, w0, w1);
  four_more(s, 15, w3, w0, w1, w2);
  GATEHOUSE_EACH_LANE {
    // Back from F E B A and H G D C to A B C D and E F G H.
    const Quad abef = _mm_shuffle_epi32(_mm_add_epi32(s.feba[l], load(pads[l])), 0x1b);
    const Quad cdgh = _mm_shuffle_epi32(_mm_add_epi32(s.hgdc[l], load(pads[l] + 4)), 0x1b);
    w0[l] = _mm_unpacklo_epi64(abef, cdgh);
    w1[l] = _mm_unpackhi_epi64(abef, cdgh);
  }
}

/// The state of a pad in the order of the instructions.
struct alignas(16) Pads {
  std::uint32_t inner[8];
  std::uint32_t outer[8];
};

inline void reorder(const std::uint32_t* state, std::uint32_t* ordered) {
  constexpr unsigned kOrder[8] = {5, 4, 1, 0, 7, 6, 3, 2};
  for (unsigned i = 0; i < 8; ++i) ordered[i] = state[kOrder[i]];
}

template <unsigned kLanes>
GATEHOUSE_SHA_NI void run(void* const* chains, std::uint64_t rounds) noexcept {
  Sha256Chain* chain[kLanes];
  Pads pads[kLanes];
  const std::uint32_t* inner[kLanes];
  const std::uint32_t* outer[kLanes];
  Quad w0[kLanes];
  Quad w1[kLanes];
  for (unsigned l = 0; l < kLanes; ++l) {
    chain[l] = static_cast<Sha256Chain*>(chains[l]);
    reorder(chain[l]->inner, pads[l].inner);
    reorder(chain[l]->outer, pads[l].outer);
    inner[l] = pads[l].inner;
    outer[l] = pads[l].outer;
    w0[l] = load(chain[l]->value);
    w1[l] = load(chain[l]->value + 4);
  }
  for (std::uint64_t round = 0; round < rounds; ++round) {
    digest_after(inner, w0, w1);
    digest_after(outer, w0, w1);
    GATEHOUSE_EACH_LANE {
      std::uint32_t* const sum = chain[l]->sum;
      store(sum, _mm_xor_si128(load(sum), w0[l]));
      store(sum + 4, _mm_xor_si128(load(sum + 4), w1[l]));
    }
  }
  for (unsigned l = 0; l < kLanes; ++l) {
    store(chain[l]->value, w0[l]);
    store(chain[l]->value + 4, w1[l]);
  }
  forget(pads, sizeof pads);
}

}  // namespace

void sha256_sha_ni(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  if (count == 1) return run<1>(chains, rounds);
  if (count == 2) return run<2>(chains, rounds);
  run<3>(chains, rounds);
}

}  // namespace gatehouse::password::lanes
// NOLINTEND(modernize-avoid-c-arrays)
#endif
