#include "password/kdf/strength.h"

namespace gatehouse::password {

std::uint64_t pbkdf2_rounds(Digest digest, const Strength& strength) noexcept {
  if (digest == Digest::sha1) return strength.pbkdf2_sha1_rounds;
  return digest == Digest::sha512 ? strength.pbkdf2_sha512_rounds : strength.pbkdf2_sha256_rounds;
}

}  // namespace gatehouse::password
