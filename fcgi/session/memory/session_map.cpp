#include "session/memory/session_map.h"

#include <algorithm>
#include <utility>

#include "session/memory/map_shards.h"

namespace gatehouse::session {
namespace {

/// Few enough that a small map is not cut to pieces, enough that threads rarely meet.
std::size_t shards_for(std::size_t capacity) {
  constexpr std::size_t kMostShards = 64;
  constexpr std::size_t kSessionsWorthAShard = 1024;
  return std::clamp<std::size_t>(capacity / kSessionsWorthAShard, 1, kMostShards);
}

}  // namespace

SessionMap::SessionMap(const Clock& clock, Limits limits)
    : clock_(clock),
      tombstone_(limits.tombstone),
      shards_(shards_for(limits.capacity)),
      users_(shards_.size()) {
  set_limits(limits);
}

SessionMap::~SessionMap() = default;

void SessionMap::set_limits(const Limits& limits) {
  for (auto& shard : shards_) {
    shard.with([&](Shard& sessions) {
      sessions.lifetimes = limits.lifetimes;
      sessions.capacity = std::max<std::size_t>(1, limits.capacity / shards_.size());
    });
  }
}

SessionUserPtr SessionMap::user(const user::UserId& id, const std::string& name,
                                const std::optional<std::string>& login_name) {
  return shard_of(id).with([&](UserShard& shard) { return shard.get(id, name, login_name); });
}

SessionUserPtr SessionMap::find_user(const user::UserId& id) {
  const auto users = users_of(id);
  return users.empty() ? nullptr : users.front();
}

std::vector<SessionUserPtr> SessionMap::users_of(const user::UserId& id) {
  return shard_of(id).with([&](UserShard& shard) {
    std::vector<SessionUserPtr> users;
    shard.for_each_of(id, [&](SessionUser& user) { users.emplace_back(&user); });
    return users;
  });
}

std::uint32_t SessionMap::times_made_stale(const SessionUser& user) const noexcept {
  return user.times_made_stale() +
         site_times_made_stale_;  // both only grow, so that the sum tells of either
}

/// Reads how often the user's sessions were made stale before the epochs are compared. If
/// revoke_user() runs between the comparison and the insertion, the record carries the old number,
/// so that find() asks the store.
std::unique_ptr<SessionMap::Record> SessionMap::record_of(const NewRecord& session) const {
  auto record = std::make_unique<Record>();
  record->id = session.id;
  record->user = session.user;
  record->created = session.created;
  record->last_used = session.last_used;
  record->fingerprint = session.fingerprint;
  record->times_made_stale = times_made_stale(*session.user);
  record->kind = session.kind;
  record->login_time_known = session.login_time_known;
  return record;
}

SessionMap::Insertion SessionMap::insert(const NewRecord& session, Place place, Records& dropped) {
  revoke_all(session.epochs.site);  // until the first poll this is how the site's epoch is learnt
  auto record = record_of(session);
  const bool revoked = shard_of(session.user->id).with([&](const UserShard& shard) {
    return shard.revoked(session.user->id, session.epochs.user);
  });
  if (revoked || session.epochs.site < site_epoch_) return Insertion::stale;
  const TimePoint now = clock_.now();
  return shard_of(session.id).with([&](Shard& shard) {
    if (!keep_tombstones_) shard.tombstones.remove_old(now);
    return shard.insert(std::move(record), place, now, dropped);
  });
}

SessionMap::Insertion SessionMap::insert(const NewRecord& session,
                                         std::optional<SessionId>* made_room) {
  Records dropped;
  const auto done = insert(session, Place::used, dropped);
  if (made_room != nullptr && !dropped.empty()) {
    const Lifetimes lifetimes =
        shard_of(session.id).with([](const Shard& shard) { return shard.lifetimes; });
    for (const auto& other : dropped) {
      if (!other->expired(lifetimes, clock_.now())) *made_room = other->id;
    }
  }
  release(dropped);
  return done;
}

SessionMap::Insertion SessionMap::restore(const NewRecord& session) {
  Records dropped;
  const auto done = insert(session, Place::restored, dropped);
  release(dropped);
  return done;
}

void SessionMap::settle() {
  for (auto& shard : shards_) shard.with([](Shard& sessions) { sessions.settle(); });
}

Lookup SessionMap::find(const SessionId& id) {
  const TimePoint now = clock_.now();
  Records dropped;
  auto found = shard_of(id).with([&](Shard& shard) -> Lookup {
    shard.forget_expired(now, dropped);
    Record* const record = shard.find(id);
    if (record == nullptr) {
      const bool dead = shard.tombstones.has(id) || shard.negative_cache.has(id, now);
      return {.state = dead ? Lookup::State::none : Lookup::State::ask_store};
    }
    const bool expired = record->expired(shard.lifetimes, now);
    // This stands before the user is read: while it waits for memory, the user is already on the
    // way.
    shard.touch(*record, now);
    if (expired || record->stale(times_made_stale(*record->user))) {
      shard.take_out(*record, dropped);
      return {.state = Lookup::State::ask_store};
    }
    return {.state = Lookup::State::live, .session = record->session()};
  });
  release(dropped);
  return found;
}

std::optional<TimePoint> SessionMap::last_used(const SessionId& id) {
  return shard_of(id).with([&](Shard& shard) {
    const Record* const record = shard.find(id);
    return record == nullptr ? std::nullopt : std::optional(record->last_used);
  });
}

void SessionMap::forget(const SessionId& id) {
  Records dropped;
  shard_of(id).with([&](Shard& shard) { shard.take_out(id, dropped); });
  release(dropped);
}

void SessionMap::revoke(const SessionId& id) {
  Records dropped;
  const TimePoint now = clock_.now();
  shard_of(id).with([&](Shard& shard) {
    if (!keep_tombstones_) shard.tombstones.remove_old(now);
    shard.tombstones.release(id);
    shard.tombstones.set(id, now + tombstone_);
    shard.take_out(id, dropped);
  });
  release(dropped);
}

void SessionMap::hold_revoked(const SessionId& id) {
  Records dropped;
  shard_of(id).with([&](Shard& shard) {
    shard.tombstones.hold(id);
    shard.take_out(id, dropped);
  });
  release(dropped);
}

void SessionMap::note_missing(const SessionId& id) {
  shard_of(id).with([&](Shard& shard) { shard.negative_cache.add(id, clock_.now()); });
}

void SessionMap::revoke_user(const user::UserId& id, Epoch epoch) {
  const TimePoint now = clock_.now();
  shard_of(id).with([&](UserShard& shard) {
    if (!keep_tombstones_) shard.remove_old_tombstones(now);
    if (!shard.set_tombstone(id, epoch, now + tombstone_)) return;
    shard.for_each_of(id, [](SessionUser& user) { user.make_sessions_stale(); });
  });
}

void SessionMap::revoke_all(Epoch site_epoch) {
  Epoch known = site_epoch_;
  while (known < site_epoch && !site_epoch_.compare_exchange_weak(known, site_epoch)) {
  }
  if (known < site_epoch) ++site_times_made_stale_;
}

Epoch SessionMap::known_user_epoch(const user::UserId& id) {
  return shard_of(id).with([&](const UserShard& shard) { return shard.known_epoch(id); });
}

std::vector<SessionMap::Use> SessionMap::used_since(std::size_t shard, TimePoint since) const {
  std::vector<Use> uses;
  shards_[shard].with([&](const Shard& sessions) {
    sessions.from_last_used([&](const Record& record) {
      if (record.last_used < since) return false;
      uses.push_back({record.id, record.last_used});
      return true;
    });
  });
  return uses;
}

std::vector<SessionUserPtr> SessionMap::users_to_check(TimePoint since, TimePoint checked) const {
  std::vector<SessionUserPtr> users;
  for (const auto& shard : shards_) {
    shard.with([&](const Shard& sessions) {
      sessions.from_last_used([&](const Record& record) {
        if (record.last_used < since) return false;
        if (record.user->checked() <= checked) users.push_back(record.user);
        return true;
      });
    });
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

std::size_t SessionMap::shards() const noexcept {
  return shards_.size();
}

std::vector<SessionId> SessionMap::ids(std::size_t shard) const {
  return shards_[shard].with([](const Shard& sessions) { return sessions.ids(); });
}

void SessionMap::forget_unused_users() {
  for (auto& shard : users_) shard.with([](UserShard& users) { users.forget_unused(); });
}

std::size_t SessionMap::size() const {
  std::size_t total = 0;
  for (const auto& shard : shards_) {
    total += shard.with([](const Shard& sessions) { return sessions.size(); });
  }
  return total;
}

/// Drops the records, and the users who have no other session. It is called without a lock, so that
/// no destructor runs under one.
void SessionMap::release(Records& dropped) {
  for (auto& record : dropped) {
    const SessionUserPtr user = std::move(record->user);
    record.reset();
    shard_of(user->id).with([&](UserShard& shard) { shard.forget_if_unused(*user); });
  }
}

Guarded<SessionMap::Shard>& SessionMap::shard_of(const SessionId& id) {
  // The last byte chooses: the first ones are the hash that chooses the bucket within the shard.
  return shards_[static_cast<unsigned char>(id.bytes.back()) % shards_.size()];
}

Guarded<SessionMap::UserShard>& SessionMap::shard_of(const user::UserId& id) {
  // The high bits choose: the low ones choose the bucket, and most buckets of a shard would be
  // empty if they chose the shard too.
  constexpr unsigned kHighBits = 48;
  return users_[(user::UserId::Hash{}(id) >> kHighBits) % users_.size()];
}

}  // namespace gatehouse::session
