/// Session tokens: what the cookie holds.
#pragma once

#include <array>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/secret.h"
#include "session/keys/key_ring.h"

namespace gatehouse::session {

/// The first half of a token: 16 random bytes. Not a secret: it forges no token.
struct SessionId {
  std::array<char, 16> bytes{};

  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), bytes.size()}; }
  friend bool operator==(const SessionId&, const SessionId&) = default;
};

/// A token is 16 random bytes and the first 16 bytes of HMAC-SHA256 over realm, a NUL, and those
/// bytes, under a subkey of the key ring; as base64url, 43 characters, canonical form only. An
/// invented token is told from a genuine one without map or database. Thread-safe.
class TokenMint {
 public:
  struct Minted {
    SessionId id;
    Secret token;
  };

  TokenMint(const KeyRing& keys, std::string realm);
  [[nodiscard]] Minted mint() const;
  /// The id of a genuine token of this realm under any of the keys. Total, constant time in the
  /// MAC.
  [[nodiscard]] std::optional<SessionId> verify(std::string_view token) const;

 private:
  using Tag = std::array<char, 16>;
  [[nodiscard]] Tag tag_of(const HmacSha256& key, const SessionId& id) const;

  std::vector<HmacSha256> keys_;
  std::string realm_;
};

}  // namespace gatehouse::session

template <>
struct std::hash<gatehouse::session::SessionId> {
  /// The bytes are random: any eight of them are a hash.
  std::size_t operator()(const gatehouse::session::SessionId& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
