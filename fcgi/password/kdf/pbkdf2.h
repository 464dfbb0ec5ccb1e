/// PBKDF2 with HMAC (RFC 8018 §5.2), faster than OpenSSL's own.
///
/// PKCS5_PBKDF2_HMAC copies two EVP contexts for each round, which takes nearly half of its time.
/// Here the two HMAC pads are compressed once, and a round is two calls of a compression function,
/// beside those of other logins (engine.h, lanes/). PKCS5_PBKDF2_HMAC is used where OpenSSL is
/// built without its low-level functions, and for digests other than SHA-1, SHA-256 and SHA-512.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "password/kdf/digest.h"
#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `length` bytes of PBKDF2. Empty unless `rounds` is 1 to 2^31 - 1 and `length` 1 to 1024.
/// Thread-safe.
[[nodiscard]] std::string pbkdf2(Digest digest, std::string_view password, std::string_view salt,
                                 std::uint64_t rounds, std::size_t length);

/// `length` is that of the derived bytes and part of the cost: each block of the digest's size
/// takes all rounds.
[[nodiscard]] KdfPointer make_pbkdf2(Digest digest, std::uint64_t rounds, std::size_t length);

}  // namespace gatehouse::password
