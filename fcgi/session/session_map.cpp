#include "session/session_map.h"

#include <algorithm>
#include <list>
#include <utility>

namespace gatehouse::session {
namespace {

/// Few enough that a small map is not cut to pieces, enough that threads rarely meet.
std::size_t shards_for(std::size_t capacity) {
  constexpr std::size_t kMostShards = 64;
  constexpr std::size_t kSessionsWorthAShard = 1024;
  return std::clamp<std::size_t>(capacity / kSessionsWorthAShard, 1, kMostShards);
}

}  // namespace

/// Sessions in order of last use. What it forgets goes to `ended`, for the index of users.
class SessionMap::Shard {
 public:
  void insert(Session session, std::size_t capacity, const Lifetime& lifetime,
              std::vector<Session>& ended) {
    forget_expired(session.last_used, lifetime, ended);
    if (by_use_.size() >= capacity) {
      ended.push_back(by_use_.front());
      forget(by_use_.begin());
    }
    const SessionId id = session.id;
    by_use_.push_back(std::move(session));
    by_id_.emplace(id, std::prev(by_use_.end()));
  }

  std::optional<Session> find(const SessionId& id, TimePoint now, const Lifetime& lifetime,
                              std::vector<Session>& ended) {
    forget_expired(now, lifetime, ended);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return std::nullopt;
    const auto session = found->second;
    if (lifetime.over(*session, now)) {
      ended.push_back(*session);
      forget(session);
      return std::nullopt;
    }
    session->last_used = std::max(session->last_used, now);
    by_use_.splice(by_use_.end(), by_use_, session);
    return *session;
  }

  [[nodiscard]] std::optional<TimePoint> last_used(const SessionId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second->last_used);
  }

  std::optional<Session> erase(const SessionId& id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return std::nullopt;
    Session session = *found->second;
    forget(found->second);
    return session;
  }

  [[nodiscard]] std::size_t size() const noexcept { return by_use_.size(); }

 private:
  using Sessions = std::list<Session>;

  void forget(Sessions::iterator session) {
    by_id_.erase(session->id);
    by_use_.erase(session);
  }
  /// A few a call, so that none pays for all.
  void forget_expired(TimePoint now, const Lifetime& lifetime, std::vector<Session>& ended) {
    for (int i = 0; i < 4 && !by_use_.empty() && lifetime.over(by_use_.front(), now); ++i) {
      ended.push_back(by_use_.front());
      forget(by_use_.begin());
    }
  }

  Sessions by_use_;  // longest unused first
  std::unordered_map<SessionId, Sessions::iterator> by_id_;
};

struct SessionMap::UserShard {
  std::unordered_map<user::UserId, std::vector<SessionId>> sessions;
};

SessionMap::SessionMap(const Clock& clock, Limits limits)
    : clock_(clock),
      limits_(limits),
      shards_(shards_for(limits.capacity)),
      users_(shards_.size()) {}

SessionMap::~SessionMap() = default;

std::vector<SessionId> SessionMap::insert(Session session) {
  std::vector<SessionId> made_room;
  std::vector<Session> ended;
  const std::size_t capacity = std::max<std::size_t>(1, limits_.capacity / shards_.size());
  shard_of(session.id).with([&](Shard& shard) {
    shard.insert(session, capacity, limits_.lifetime, ended);
  });
  const TimePoint now = clock_.now();
  for (const Session& gone : ended) {
    if (!limits_.lifetime.over(gone, now)) made_room.push_back(gone.id);
  }
  forget_of_users(ended);
  if (const auto pushed_out = note_under_user(session)) made_room.push_back(*pushed_out);
  return made_room;
}

/// Counts the session, which is in its shard already, under its user, whose longest unused one goes
/// if there are too many. The other way round, one that is counted and not there yet would look
/// like one that is over.
std::optional<SessionId> SessionMap::note_under_user(const Session& session) {
  std::optional<SessionId> gone;
  shard_of(session.user->id).with([&](UserShard& shard) {
    const auto last_use = [&](const SessionId& id) {
      return shard_of(id).with([&](const Shard& of_id) { return of_id.last_used(id); });
    };
    auto& ids = shard.sessions[session.user->id];
    ids.push_back(session.id);
    std::erase_if(ids, [&](const SessionId& id) {
      const auto used = last_use(id);
      return !used || session.created - *used >= limits_.lifetime.idle;
    });
    if (ids.size() > limits_.max_per_user) {
      const auto longest_unused = std::min_element(
          ids.begin(), ids.end(),
          [&](const SessionId& a, const SessionId& b) { return last_use(a) < last_use(b); });
      gone = *longest_unused;
      ids.erase(longest_unused);
    }
    if (ids.empty()) shard.sessions.erase(session.user->id);
  });
  if (gone) shard_of(*gone).with([&](Shard& shard) { shard.erase(*gone); });
  return gone;
}

std::optional<Session> SessionMap::find(const SessionId& id) {
  std::vector<Session> ended;
  auto found = shard_of(id).with(
      [&](Shard& shard) { return shard.find(id, clock_.now(), limits_.lifetime, ended); });
  forget_of_users(ended);
  return found;
}

bool SessionMap::erase(const SessionId& id) {
  auto gone = shard_of(id).with([&](Shard& shard) { return shard.erase(id); });
  if (!gone) return false;
  forget_of_users({*gone});
  return true;
}

std::size_t SessionMap::size() const {
  std::size_t total = 0;
  for (const auto& shard : shards_) {
    total += shard.with([](const Shard& sessions) { return sessions.size(); });
  }
  return total;
}

void SessionMap::forget_of_users(const std::vector<Session>& ended) {
  for (const Session& session : ended) {
    shard_of(session.user->id).with([&](UserShard& shard) {
      const auto user = shard.sessions.find(session.user->id);
      if (user == shard.sessions.end()) return;
      std::erase(user->second, session.id);
      if (user->second.empty()) shard.sessions.erase(user);
    });
  }
}

Guarded<SessionMap::Shard>& SessionMap::shard_of(const SessionId& id) {
  // std::hash takes the first bytes, which choose the bucket; the last choose the shard.
  return shards_[static_cast<unsigned char>(id.bytes.back()) % shards_.size()];
}

Guarded<SessionMap::UserShard>& SessionMap::shard_of(const user::UserId& id) {
  return users_[std::hash<user::UserId>{}(id) % shards_.size()];
}

}  // namespace gatehouse::session
