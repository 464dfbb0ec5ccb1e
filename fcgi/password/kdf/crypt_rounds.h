/// What the rounds of MD5-crypt and SHA-crypt cost for a password of some length.
#pragma once

#include <cstddef>
#include <cstdint>

#include "password/kdf/cost.h"
#include "password/kdf/digest.h"

namespace gatehouse::password {

/// A round hashes the digest before it and the password; in six rounds of seven the password again,
/// in two of three the salt (Drepper, SHA-crypt.txt, step 21; MD5-crypt has the same arithmetic).
/// So a password of 511 bytes takes eight times as long as one of 12.
struct CryptRounds {
  Digest digest;
  std::uint64_t rounds;
  std::size_t salt_bytes;  ///< the most that the form takes
  RoundCost round;
};
[[nodiscard]] Cost cost_of(const CryptRounds& function, std::size_t password_bytes) noexcept;

}  // namespace gatehouse::password
