/// scrypt (RFC 7914), by OpenSSL.
#pragma once

#include <cstdint>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// N (memory and time), r (block size) and p (passes) of the RFC.
struct ScryptParameters {
  std::uint64_t n;
  std::uint64_t r;
  std::uint64_t p;
};

/// Null unless N is a power of two over 1, and r and p are at least 1.
[[nodiscard]] KdfPointer make_scrypt(const ScryptParameters& parameters);

}  // namespace gatehouse::password
