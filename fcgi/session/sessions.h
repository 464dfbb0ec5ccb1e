/// Login, look-up and logout of sessions: map, store and tokens as one.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"
#include "session/keys.h"
#include "session/session_map.h"
#include "session/session_store.h"
#include "session/token.h"

namespace gatehouse::session {

/// Thread-safe. `candidates` are the tokens that a request brought: any bytes.
class Sessions {
 public:
  Sessions(const Clock& clock, const config::Session& settings, const KeyRing& keys,
           SessionStore& store);

  /// Begins a session and ends those that the browser brought: a token planted before the login
  /// is worth nothing after it. Gives the new token; `unavailable` if the store fails (nothing has
  /// begun then).
  Result<Secret> start(SessionUser user, std::span<const std::string_view> candidates);

  /// The one live session among the candidates, used now. Two different live ones contradict each
  /// other: nothing. Never waits: safe on the instant lane.
  [[nodiscard]] std::optional<Session> find(std::span<const std::string_view> candidates);

  /// Ends every genuine candidate, known here or not. `unavailable` if the store could not note
  /// it; here they are refused all the same.
  Result<void> end(std::span<const std::string_view> candidates);

  [[nodiscard]] std::size_t count() const { return map_.size(); }

 private:
  Result<void> end(const SessionId& id);

  const Clock& clock_;
  SessionStore& store_;
  TokenMint mint_;
  SessionMap map_;
};

}  // namespace gatehouse::session
