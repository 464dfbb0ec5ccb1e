/// The inner loops of slow functions, over several passwords at once.
///
/// A round of PBKDF2 or bcrypt needs the result of the round before, so one chain of rounds leaves
/// most of a core idle. A kernel runs the chains of several logins side by side, each in a lane of
/// its own: interleaved instructions, or one element of a vector each.
///
/// The files with such loops include no header of the standard library that has templates: they are
/// compiled for processors that not every host has, and the linker keeps only one copy of a
/// template's function, which must run everywhere.
#pragma once

#include <cstdint>

namespace gatehouse::password::lanes {

/// The function of a chain with its loop for this machine. Immutable.
struct Kernel {
  /// Does `rounds` rounds of each of `count` chains (1 to `lanes`). All are of the kernel's type,
  /// and no two are the same. The bytes do not depend on who is beside whom.
  using Run = void (*)(void* const* chains, unsigned count, std::uint64_t rounds) noexcept;

  const char* name;           ///< for tests and benchmarks: "sha256 sha-ni"
  unsigned lanes;             ///< the most chains at once
  std::uint64_t picoseconds;  ///< about what a round of a lone chain takes
  Run run;
};

/// Wipes what a loop has on its stack. (OPENSSL_cleanse would do, but for its header.)
inline void forget(void* data, std::uint64_t bytes) noexcept {
  __builtin_memset(data, 0, bytes);
  __asm__ volatile("" : : "r"(data) : "memory");
}

/// A chain of PBKDF2's rounds: PBKDF2 is HMAC again and again with one key. `inner` and `outer` are
/// the states of the digest after HMAC's two pads, `value` is the last MAC and `sum` the XOR of
/// all, as words of this machine. Wiped by its owner.
template <class WordType, unsigned kWordCount>
struct alignas(64) HmacChain {
  using Word = WordType;
  static constexpr unsigned kWords = kWordCount;
  // NOLINTBEGIN(modernize-avoid-c-arrays): std::array is a template, see above
  Word inner[kWords];
  Word outer[kWords];
  Word value[kWords];
  Word sum[kWords];
  // NOLINTEND(modernize-avoid-c-arrays)
};
using Sha1Chain = HmacChain<std::uint32_t, 5>;
using Sha256Chain = HmacChain<std::uint32_t, 8>;
using Sha512Chain = HmacChain<std::uint64_t, 8>;

/// A chain of phpass's rounds: the MD5 of the digest before and the password. `block` is the
/// message with its padding, the digest in its first four words; the password has up to 39 bytes.
struct alignas(64) Md5Chain {
  std::uint32_t block[16];  // NOLINT(modernize-avoid-c-arrays)
};

/// A chain of bcrypt's rounds (password/kdf/bcrypt.h).
struct alignas(64) BlowfishChain {
  // NOLINTBEGIN(modernize-avoid-c-arrays)
  std::uint32_t subkeys[18];
  std::uint32_t boxes[4 * 256];
  std::uint32_t key[18];   ///< the password's bytes, repeated without end
  std::uint32_t salt[18];  ///< likewise
  // NOLINTEND(modernize-avoid-c-arrays)
};

}  // namespace gatehouse::password::lanes
