/// What the site allows and wants of its hashes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "password/kdf/cost.h"

namespace gatehouse::password {

/// The cost of what we write: OWASP's minimum of 2024 where it names one. What is in the table and
/// takes less is weaker.
struct Strength {
  std::uint64_t pbkdf2_sha1_rounds = 1'300'000;
  std::uint64_t pbkdf2_sha256_rounds = 600'000;
  std::uint64_t pbkdf2_sha512_rounds = 210'000;
  std::uint64_t scrypt_n = 32'768;
  std::uint64_t scrypt_r = 8;
  std::uint64_t scrypt_p = 3;
  std::uint64_t argon2_memory_kib = 19'456;
  std::uint64_t argon2_passes = 2;
  unsigned bcrypt_cost = 12;                 ///< 4 to 31
  unsigned long sha_crypt_rounds = 200'000;  ///< of `$5$` and `$6$`, 1,000 to 999,999,999
  unsigned long yescrypt_cost = 5;           ///< crypt(5)'s, 1 to 11
};

struct Policy {
  Strength strength{};
  /// Names of weak schemes that are let in all the same: those of the table (scheme.cpp), in any
  /// case. `ldap-SSHA`, `dovecot-SSHA` and `SSHA` are one.
  std::vector<std::string> allow_weak{};
  bool allow_every_weak = false;
  /// The scheme that every row is rewritten in, whatever it costs; empty: each in its own.
  std::string write{};
  /// What is written stays within them: else the next login would be refused.
  Limits limits{std::chrono::nanoseconds::max(), std::numeric_limits<std::size_t>::max()};
};
/// Of the settings. `invalid` where one of them names no scheme, a strong one to be let in, or one
/// to be written that we do not write or that would cost more than Password::max_cost; the error
/// begins with the key.
[[nodiscard]] Result<Policy> policy_of(const config::Password& settings);
/// Whether `scheme`, a weak one, is allowed.
[[nodiscard]] bool allows(const Policy& policy, std::string_view scheme) noexcept;

}  // namespace gatehouse::password
