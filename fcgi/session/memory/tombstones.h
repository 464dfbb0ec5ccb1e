/// What a shard of the session map remembers of sessions that it does not have. Private to
/// session/.
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

/// What has ended. An id never lives again: to remember it longer than needed does no harm.
class Tombstones {
 public:
  void note(const SessionId& id, TimePoint until) {
    if (held_.contains(id) || !ended_.insert(id).second) return;
    queue_.emplace_back(until, id);
  }
  /// Until `release`.
  void hold(const SessionId& id) { held_.insert(id); }
  void release(const SessionId& id) { held_.erase(id); }
  [[nodiscard]] bool has(const SessionId& id) const {
    return ended_.contains(id) || held_.contains(id);
  }
  /// A few a call, so that none pays for all.
  void forget(TimePoint now) {
    for (int i = 0; i < 4 && !queue_.empty() && queue_.front().first <= now; ++i) {
      ended_.erase(queue_.front().second);
      queue_.pop_front();
    }
  }

 private:
  std::unordered_set<SessionId> ended_;
  std::unordered_set<SessionId> held_;
  std::deque<std::pair<TimePoint, SessionId>> queue_;
};

/// Ids that the store did not know a moment ago: forgotten soon, and the oldest first if there are
/// too many.
class NegativeCache {
 public:
  void note(const SessionId& id, TimePoint now) {
    if (queue_.size() >= kMost) drop();
    if (until_.insert_or_assign(id, now + kRemember).second) queue_.push_back(id);
  }
  [[nodiscard]] bool has(const SessionId& id, TimePoint now) {
    while (!queue_.empty() && until_.at(queue_.front()) <= now) drop();
    return until_.contains(id);
  }

 private:
  static constexpr std::chrono::seconds kRemember{5};
  static constexpr std::size_t kMost = 1024;
  void drop() {
    until_.erase(queue_.front());
    queue_.pop_front();
  }
  std::unordered_map<SessionId, TimePoint> until_;
  std::deque<SessionId> queue_;
};

}  // namespace gatehouse::session
