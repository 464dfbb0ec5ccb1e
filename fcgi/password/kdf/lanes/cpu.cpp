#include "password/kdf/lanes/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace gatehouse::password::lanes {
namespace {

#if defined(__x86_64__)
constexpr unsigned bit(unsigned number) noexcept {
  return 1U << number;
}

/// The registers that the system saves when it switches threads (XCR0).
unsigned saved_registers() noexcept {
  unsigned low = 0;
  unsigned high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

/// The numbers of the bits are those of Intel's manual, volume 2A, CPUID.
Processor look() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return {};
  const bool sse41 = (c & bit(19)) != 0;
  const bool ssse3 = (c & bit(9)) != 0;
  const bool has_xgetbv = (c & bit(27)) != 0;
  const unsigned saved = has_xgetbv ? saved_registers() : 0;
  constexpr unsigned kVectors = 0x06;  // of 16 bytes and of 32
  constexpr unsigned kLarge = 0xe0;    // what AVX-512 adds
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return {};
  Processor found;
  found.sha_ni = sse41 && ssse3 && (b & bit(29)) != 0;
  found.avx2 = (saved & kVectors) == kVectors && (b & bit(5)) != 0;
  found.avx512 =
      found.avx2 && (saved & kLarge) == kLarge && (b & bit(16)) != 0 && (b & bit(31)) != 0;
  return found;
}
#else
Processor look() noexcept {
  return {};
}
#endif

}  // namespace

const Processor& this_machine() noexcept {
  static const Processor found = look();
  return found;
}

}  // namespace gatehouse::password::lanes
