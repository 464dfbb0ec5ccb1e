/// A new hash in the making, which the format files give to the code that writes hashes.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// The salt of a new hash has 16 letters where it is text, otherwise 16 bytes.
inline constexpr std::size_t kSaltLetters = 16;
inline constexpr std::size_t kSaltBytes = 16;

inline constexpr std::size_t kEveryByte = std::numeric_limits<std::size_t>::max();

/// A hash that lacks only its digest: its text is `before` and then the encoded digest. Computing
/// the digest is left to the caller, who first judges what the function costs.
struct NewHash {
  KdfPointer kdf;
  std::string salt;
  std::size_t digest_length;
  std::string before;
  std::string (*encode)(std::string_view digest);
  /// The scheme ignores the bytes of a password after these (bcrypt), so a longer one must not be
  /// written in it.
  std::size_t most_password_bytes = kEveryByte;
};

}  // namespace gatehouse::password
