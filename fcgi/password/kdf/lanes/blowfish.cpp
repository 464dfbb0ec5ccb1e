/// The rounds of bcrypt (Provos and Mazières 1999), interleaved.
///
/// Each step of Blowfish looks four words up whose places depend on the step before, and a look-up
/// in the nearest cache takes five cycles: a lone chain waits most of the time. The boxes of four
/// chains are 16 KiB, and fit there. What a chain does to memory is that of every bcrypt; it is no
/// function that hides its places.
#include "password/kdf/lanes/kernel.h"
#include "password/kdf/lanes/loops.h"

#ifdef __clang__
#define GATEHOUSE_EACH_LANE _Pragma("unroll") for (unsigned l = 0; l < kLanes; ++l)
#define GATEHOUSE_EACH_STEP _Pragma("unroll")
#else
#define GATEHOUSE_EACH_LANE _Pragma("GCC unroll 4") for (unsigned l = 0; l < kLanes; ++l)
#define GATEHOUSE_EACH_STEP _Pragma("GCC unroll 8")
#endif

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see kernel.h
namespace gatehouse::password::lanes {
namespace {

constexpr unsigned kSubkeys = 18;
constexpr unsigned kBoxWords = 4 * 256;

/// A macro, since GCC would give an inline function's boxes a register of their own, of which there
/// are too few. The places are 64 bits wide, or it would add the boxes' offsets by themselves.
#define GATEHOUSE_LOOKED_UP(chain, x)                                   \
  ((((chain)->boxes[(x) >> 24U] +                                       \
     (chain)->boxes[0x100UL + static_cast<std::uint8_t>((x) >> 16U)]) ^ \
    (chain)->boxes[0x200UL + static_cast<std::uint8_t>((x) >> 8U)]) +   \
   (chain)->boxes[0x300UL + static_cast<std::uint8_t>(x)])

/// Encrypts a block of each chain, of which these are the two halves.
template <unsigned kLanes>
[[gnu::always_inline]] inline void encrypt(BlowfishChain* const (&chain)[kLanes],
                                           std::uint32_t (&left)[kLanes],
                                           std::uint32_t (&right)[kLanes]) {
  GATEHOUSE_EACH_LANE left[l] ^= chain[l]->subkeys[0];
  GATEHOUSE_EACH_STEP
  for (unsigned i = 0; i < 16; i += 2) {
    GATEHOUSE_EACH_LANE {
      right[l] ^= chain[l]->subkeys[i + 1];
      right[l] ^= GATEHOUSE_LOOKED_UP(chain[l], left[l]);
    }
    GATEHOUSE_EACH_LANE {
      left[l] ^= chain[l]->subkeys[i + 2];
      left[l] ^= GATEHOUSE_LOOKED_UP(chain[l], right[l]);
    }
  }
  GATEHOUSE_EACH_LANE {
    const std::uint32_t last = left[l];
    left[l] = right[l] ^ chain[l]->subkeys[17];
    right[l] = last;
  }
}

template <unsigned kLanes>
[[gnu::always_inline]] inline void expand(BlowfishChain* const (&chain)[kLanes]) {
  std::uint32_t left[kLanes];
  std::uint32_t right[kLanes];
  GATEHOUSE_EACH_LANE left[l] = right[l] = 0;
  for (unsigned i = 0; i < kSubkeys; i += 2) {
    encrypt(chain, left, right);
    GATEHOUSE_EACH_LANE {
      chain[l]->subkeys[i] = left[l];
      chain[l]->subkeys[i + 1] = right[l];
    }
  }
  for (unsigned i = 0; i < kBoxWords; i += 2) {
    encrypt(chain, left, right);
    GATEHOUSE_EACH_LANE {
      chain[l]->boxes[i] = left[l];
      chain[l]->boxes[i + 1] = right[l];
    }
  }
}

/// Not inlined: with all of them in one function there would be too few registers for any.
template <unsigned kLanes>
[[gnu::noinline]] void run(void* const* chains, std::uint64_t rounds) noexcept {
  BlowfishChain* chain[kLanes];
  for (unsigned l = 0; l < kLanes; ++l) chain[l] = static_cast<BlowfishChain*>(chains[l]);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (unsigned i = 0; i < kSubkeys; ++i) {
      GATEHOUSE_EACH_LANE chain[l]->subkeys[i] ^= chain[l]->key[i];
    }
    expand(chain);
    for (unsigned i = 0; i < kSubkeys; ++i) {
      GATEHOUSE_EACH_LANE chain[l]->subkeys[i] ^= chain[l]->salt[i];
    }
    expand(chain);
  }
}

}  // namespace

void blowfish(void* const* chains, unsigned count, std::uint64_t rounds) noexcept {
  if (count == 1) return run<1>(chains, rounds);
  if (count == 2) return run<2>(chains, rounds);
  if (count == 3) return run<3>(chains, rounds);
  run<4>(chains, rounds);
}

}  // namespace gatehouse::password::lanes
// NOLINTEND(modernize-avoid-c-arrays)
