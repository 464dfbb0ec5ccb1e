/// What this processor can do beyond the least of its kind.
#pragma once

namespace gatehouse::password::lanes {

/// False for what the processor has and the kernel of the system does not keep between threads.
/// Found once; thread-safe.
struct Processor {
  bool sha_ni = false;  ///< x86: instructions for SHA-256, and SSE4.1
  bool avx2 = false;    ///< x86: vectors of 32 bytes
  bool avx512 = false;  ///< x86: AVX-512VL, of which we use vectors of 32 bytes: they can rotate
};
[[nodiscard]] const Processor& this_machine() noexcept;

}  // namespace gatehouse::password::lanes
