/// The cost of the hashes that Gatehouse writes.
#pragma once

#include <cstdint>

#include "password/kdf/digest.h"

namespace gatehouse::password {

/// The parameters of each function that new hashes are computed with. They are OWASP's minimum of
/// 2024 where it names one. A hash in the table that costs less counts as weaker than the policy
/// and is rewritten at the next login.
struct Strength {
  std::uint64_t pbkdf2_sha1_rounds = 1'300'000;
  std::uint64_t pbkdf2_sha256_rounds = 600'000;
  std::uint64_t pbkdf2_sha512_rounds = 210'000;
  std::uint64_t scrypt_n = 32'768;
  std::uint64_t scrypt_r = 8;
  std::uint64_t scrypt_p = 3;
  std::uint64_t argon2_memory_kib = 19'456;
  std::uint64_t argon2_passes = 2;
  unsigned bcrypt_cost = 12;                 ///< the base-2 logarithm of the rounds, 4 to 31
  unsigned long sha_crypt_rounds = 200'000;  ///< rounds of `$5$` and `$6$`, 1,000 to 999,999,999
  unsigned long yescrypt_cost = 5;           ///< the cost factor of crypt(5), 1 to 11
};
/// The rounds of a new PBKDF2 over `digest`, which is SHA-1, SHA-256 or SHA-512.
[[nodiscard]] std::uint64_t pbkdf2_rounds(Digest digest, const Strength& strength) noexcept;

}  // namespace gatehouse::password
