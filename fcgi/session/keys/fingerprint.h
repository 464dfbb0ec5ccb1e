/// What sessions remember of their user's password, so that its change ends them.
#pragma once

#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "session/keys/key_ring.h"
#include "session/session.h"
#include "user/user.h"

namespace gatehouse::session {

/// The first 8 bytes of HMAC-SHA256 over the user's id, a NUL, and the password column, under the
/// "fingerprint" subkeys: without the keys it says nothing about the hash. Never 0. Thread-safe.
class Fingerprints {
 public:
  explicit Fingerprints(const KeyRing& keys);

  /// Under the first key.
  [[nodiscard]] Fingerprint of(const user::UserId& id, std::string_view hash) const;
  /// Under each key, the first one's first: a stored one may be from before a rotation.
  [[nodiscard]] std::vector<Fingerprint> all_of(const user::UserId& id,
                                                std::string_view hash) const;

 private:
  std::vector<HmacSha256> keys_;
};

}  // namespace gatehouse::session
