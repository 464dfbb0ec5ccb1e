/// Argon2 (RFC 9106), by the reference library.
#pragma once

#include <cstdint>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// The versions of Argon2: 1.3, that of RFC 9106, and the one before it.
inline constexpr std::uint32_t kArgon2Version13 = 0x13;
inline constexpr std::uint32_t kArgon2Version10 = 0x10;

enum class Argon2Variant { d, i, id };
struct Argon2Parameters {
  Argon2Variant variant;
  std::uint32_t version;  ///< 0x10 or 0x13
  std::uint64_t memory_kib;
  std::uint64_t passes;
  std::uint64_t lanes;
};

/// Null if no Argon2 has such parameters. The lanes are computed one after the other on the calling
/// thread, since the login lane has a thread for each core already.
[[nodiscard]] KdfPointer make_argon2(const Argon2Parameters& parameters);

}  // namespace gatehouse::password
