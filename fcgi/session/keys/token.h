/// Session tokens: what the cookie holds.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/secret.h"
#include "session/keys/key_ring.h"

namespace gatehouse::session {

/// The first half of a token: 16 random bytes. It is not a secret, since it forges no token.
struct SessionId {
  std::array<char, 16> bytes{};

  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
  friend bool operator==(const SessionId&, const SessionId&) = default;

  /// Hashes ids for containers. The bytes are random, so that any eight of them are a hash.
  struct Hash {
    std::size_t operator()(const SessionId& id) const noexcept {
      std::size_t value = 0;
      std::memcpy(&value, id.bytes.data(), sizeof value);
      return value;
    }
  };
};

/// Makes and verifies tokens. A token is 16 random bytes and the first 16 bytes of HMAC-SHA256 over
/// the realm, a NUL and those bytes, under the "session" subkey of a master; written as base64url,
/// 43 characters, in canonical form only. So an invented token is recognised without map or
/// database. Thread-safe.
class TokenMint {
 public:
  struct Minted {
    SessionId id;
    Secret token;
  };

  TokenMint(const KeyRing& keys, std::string realm);
  [[nodiscard]] Minted mint() const;
  /// The id in a genuine token of this realm, made with any of the keys; nothing for all other
  /// bytes. The MAC is compared in constant time.
  [[nodiscard]] std::optional<SessionId> verify(std::string_view token) const;

 private:
  using Tag = std::array<char, 16>;
  [[nodiscard]] Tag tag_of(const HmacSha256& key, const SessionId& id) const;

  std::vector<HmacSha256> keys_;
  std::string realm_;
};

}  // namespace gatehouse::session
