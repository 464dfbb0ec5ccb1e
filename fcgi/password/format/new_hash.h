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

/// Writes the bytes as they are: for forms that encode more than the digest, or derive letters.
[[nodiscard]] inline std::string raw_digest(std::string_view digest) {
  return std::string(digest);
}

/// A hash that lacks only its digest: its text is `before`, then the encoded digest, then `after`;
/// where there is `finish`, it is `before` and what that makes of `inside` and the rest. Computing
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
  std::string after{};
  std::string inside{};
  std::string (*finish)(std::string_view text) = nullptr;
};

/// The whole text of the hash with that digest.
[[nodiscard]] inline std::string text_of(const NewHash& hash, std::string_view digest) {
  std::string inner = hash.inside + hash.encode(digest) + hash.after;
  return hash.before + (hash.finish == nullptr ? inner : hash.finish(inner));
}

}  // namespace gatehouse::password
