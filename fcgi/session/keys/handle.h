/// Handles: the names of a user's sessions in their list.
#pragma once

#include <string>

#include "base/crypto.h"
#include "session/keys/key_ring.h"
#include "session/keys/token.h"

namespace gatehouse::session {

/// Makes handles: the first 16 bytes of HMAC-SHA256 over the id, under the "handle" subkey of the
/// first key, as base64url, 22 characters. A handle names a session without giving its id away.
/// Thread-safe.
class HandleMaker {
 public:
  explicit HandleMaker(const KeyRing& keys);
  [[nodiscard]] std::string of(const SessionId& id) const;

 private:
  HmacSha256 key_;
};

}  // namespace gatehouse::session
