/// scrypt (RFC 7914), by OpenSSL.
#pragma once

#include <cstdint>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// The RFC's N, r and p.
struct ScryptParameters {
  std::uint64_t n;
  std::uint64_t r;
  std::uint64_t p;
};

/// Null if no scrypt has such parameters: N is a power of two over 1, r and p at least 1.
[[nodiscard]] KdfPointer make_scrypt(const ScryptParameters& parameters);

}  // namespace gatehouse::password
