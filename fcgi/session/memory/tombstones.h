/// The memory that a shard of the session map has of sessions which it does not hold: tombstones of
/// revoked ones, and a negative cache of unknown ones. Private to session/.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "session/keys/token.h"

namespace gatehouse::session {

/// The marks of revoked sessions. Without them a lookup that read the store before the revocation
/// would bring the session back. No id is ever used again, so that a tombstone may stand longer
/// than it must. Not thread-safe.
class Tombstones {
 public:
  /// Sets a tombstone that stands until then, unless there is one.
  void set(const SessionId& id, TimePoint until) {
    if (held_.contains(id) || !set_.insert(id).second) return;
    queue_.emplace_back(until, id);
  }
  /// Sets one that stands until `release`: the store could not be told of the revocation yet.
  void hold(const SessionId& id) { held_.insert(id); }
  void release(const SessionId& id) { held_.erase(id); }
  [[nodiscard]] bool has(const SessionId& id) const {
    return set_.contains(id) || held_.contains(id);
  }
  /// Removes tombstones whose time has come: a few a call, so that no caller pays for all.
  void remove_old(TimePoint now) {
    for (int i = 0; i < 4 && !queue_.empty() && queue_.front().first <= now; ++i) {
      set_.erase(queue_.front().second);
      queue_.pop_front();
    }
  }

 private:
  using Ids = std::unordered_set<SessionId, SessionId::Hash>;

  Ids set_;
  Ids held_;
  std::deque<std::pair<TimePoint, SessionId>> queue_;  ///< of set_, the oldest first
};

/// Ids that the store did not know when it was asked last. A browser that keeps sending the cookie
/// of an expired session costs the database one question in 5 s and not one a request. It holds
/// at most 1024 ids, of which the oldest make room. Not thread-safe.
class NegativeCache {
 public:
  void add(const SessionId& id, TimePoint now) {
    if (queue_.size() >= kMost) drop_oldest();
    if (until_.insert_or_assign(id, now + kRemember).second) queue_.push_back(id);
  }
  [[nodiscard]] bool has(const SessionId& id, TimePoint now) {
    while (!queue_.empty() && until_.at(queue_.front()) <= now) drop_oldest();
    return until_.contains(id);
  }

 private:
  static constexpr std::chrono::seconds kRemember{5};
  static constexpr std::size_t kMost = 1024;
  void drop_oldest() {
    until_.erase(queue_.front());
    queue_.pop_front();
  }
  std::unordered_map<SessionId, TimePoint, SessionId::Hash> until_;
  std::deque<SessionId> queue_;
};

}  // namespace gatehouse::session
