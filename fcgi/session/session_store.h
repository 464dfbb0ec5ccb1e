/// What lies under the map and outlives the process.
#pragma once

#include "base/error.h"
#include "session/session.h"

namespace gatehouse::session {

/// Thread-safe. Every call may take as long as the database: never on the instant lane.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// Committed before it returns; else `unavailable`, and the session does not exist.
  virtual Result<void> add(const Session& session) = 0;
  /// Marks it ended for good, known or not; done before it returns, else `unavailable`.
  virtual Result<void> revoke(const SessionId& id) = 0;
};

/// `session.store = "memory"`: sessions end with the process.
class NoSessionStore final : public SessionStore {
 public:
  Result<void> add(const Session& /*session*/) override { return {}; }
  Result<void> revoke(const SessionId& /*id*/) override { return {}; }
};

}  // namespace gatehouse::session
