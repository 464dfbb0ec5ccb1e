/// Fingerprints: a session keeps one of its user's password, so that a change of it revokes the
/// session.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "session/keys/key_ring.h"
#include "user/user.h"

namespace gatehouse::session {

/// Eight bytes that stand for a user's id and the hash in their password column.
enum class Fingerprint : std::uint64_t {
  unknown = 0,  ///< no hash has this one
};

/// Computes fingerprints: the first 8 bytes of HMAC-SHA256 over the user's id, a NUL and the hash,
/// under the "fingerprint" subkeys. Without the keys a fingerprint says nothing about the hash.
/// Thread-safe.
class Fingerprints {
 public:
  explicit Fingerprints(const KeyRing& keys);

  /// Computes the fingerprint under the first key.
  [[nodiscard]] Fingerprint of(const user::UserId& id, std::string_view hash) const;
  /// Computes it under every key, the first key's first: a stored one may be from before a
  /// rotation.
  [[nodiscard]] std::vector<Fingerprint> all_of(const user::UserId& id,
                                                std::string_view hash) const;

 private:
  std::vector<HmacSha256> keys_;
};

}  // namespace gatehouse::session
