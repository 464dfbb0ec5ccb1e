/// The cost of MD5-crypt and SHA-crypt, which hash the password again in each round.
#pragma once

#include <cstddef>
#include <cstdint>

#include "password/kdf/cost.h"
#include "password/kdf/digest.h"

namespace gatehouse::password {

/// A round hashes the digest of the round before and the password; six rounds of seven hash the
/// password again, and two of three the salt (Drepper, SHA-crypt.txt, step 21; MD5-crypt has the
/// same arithmetic). So a password of 511 bytes takes eight times as long as one of 12.
struct CryptRounds {
  Digest digest;
  std::uint64_t rounds;
  std::size_t salt_bytes;  ///< the longest salt that the form takes
  RoundCost round;
};
[[nodiscard]] Cost cost_of(const CryptRounds& function, std::size_t password_bytes) noexcept;

}  // namespace gatehouse::password
