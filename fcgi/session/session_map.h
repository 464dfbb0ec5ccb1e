/// The sessions of this process.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "session/session.h"

namespace gatehouse::session {

/// Sharded and bounded; each shard keeps its sessions in order of last use, so that expiry and
/// making room cost O(1). Expired sessions are forgotten as others are touched. Thread-safe;
/// look-up and touch take one shard's lock. Locks are taken in the order user shard, session
/// shard.
class SessionMap {
 public:
  struct Limits {
    Lifetime lifetime;
    std::size_t capacity;      ///< the longest unused of a full shard makes room
    std::size_t max_per_user;  ///< the user's longest unused makes room
  };

  SessionMap(const Clock& clock, Limits limits);
  ~SessionMap();
  SessionMap(const SessionMap&) = delete;
  SessionMap& operator=(const SessionMap&) = delete;

  /// Adds a session that is new (its id is random and stands nowhere yet). Gives those that had to
  /// make room.
  std::vector<SessionId> insert(Session session);
  /// A live session, used now; nothing if it is absent or over.
  [[nodiscard]] std::optional<Session> find(const SessionId& id);
  /// True if it was there.
  bool erase(const SessionId& id);

  /// Including those that are over but not forgotten yet.
  [[nodiscard]] std::size_t size() const;

 private:
  class Shard;
  struct UserShard;

  [[nodiscard]] Guarded<Shard>& shard_of(const SessionId& id);
  [[nodiscard]] Guarded<UserShard>& shard_of(const user::UserId& id);
  std::optional<SessionId> note_under_user(const Session& session);
  void forget_of_users(const std::vector<Session>& ended);

  const Clock& clock_;
  const Limits limits_;
  std::vector<Guarded<Shard>> shards_;  // as many as users_; never resized
  std::vector<Guarded<UserShard>> users_;
};

}  // namespace gatehouse::session
