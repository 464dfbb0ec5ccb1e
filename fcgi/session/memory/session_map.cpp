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
      limits_(limits),
      shards_(shards_for(limits.capacity)),
      users_(shards_.size()) {}

SessionMap::~SessionMap() = default;

SessionUserPtr SessionMap::user(const user::UserId& id, const std::string& name,
                                const std::string& login_name) {
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

std::uint32_t SessionMap::stale_count_of(const SessionUser& user) const noexcept {
  return user.stale_count() + site_stale_count_;  // both only grow: the sum tells either
}

/// Of the generation that the user has before the epochs are looked at: an ending that comes after
/// that makes it unknown again.
std::unique_ptr<SessionMap::Record> SessionMap::record_of(const NewRecord& arrival) const {
  auto record = std::make_unique<Record>();
  record->id = arrival.id;
  record->user = arrival.user;
  record->created = arrival.created;
  record->last_used = arrival.last_used;
  record->fingerprint = arrival.fingerprint;
  record->stale_count = stale_count_of(*arrival.user);
  record->kind = arrival.kind;
  record->login_time_known = arrival.login_time_known;
  return record;
}

SessionMap::Insertion SessionMap::insert(const NewRecord& arrival, Place place, Records& gone) {
  revoke_all(arrival.epochs.site);  // before the first poll nobody has told of it
  auto record = record_of(arrival);
  const bool revoked = shard_of(arrival.user->id).with([&](const UserShard& shard) {
    return shard.revoked(arrival.user->id, arrival.epochs.user);
  });
  if (revoked || arrival.epochs.site < site_epoch_) return Insertion::stale;
  const std::size_t capacity = std::max<std::size_t>(1, limits_.capacity / shards_.size());
  const TimePoint now = clock_.now();
  return shard_of(arrival.id).with([&](Shard& shard) {
    if (!keep_tombstones_) shard.tombstones.forget(now);
    return shard.insert(std::move(record), place, capacity, limits_.lifetimes, now, gone);
  });
}

SessionMap::Insertion SessionMap::insert(const NewRecord& arrival,
                                         std::optional<SessionId>* made_room) {
  Records gone;
  const auto done = insert(arrival, Place::used, gone);
  for (const auto& other : gone) {
    const bool live = !other->over(limits_.lifetimes, clock_.now());
    if (live && made_room != nullptr) *made_room = other->id;
  }
  release(gone);
  return done;
}

SessionMap::Insertion SessionMap::restore(const NewRecord& arrival) {
  Records gone;
  const auto done = insert(arrival, Place::restored, gone);
  release(gone);
  return done;
}

void SessionMap::settle() {
  for (auto& shard : shards_) shard.with([](Shard& sessions) { sessions.settle(); });
}

SessionMap::Sighting SessionMap::find(const SessionId& id) {
  const TimePoint now = clock_.now();
  Records gone;
  auto sighting = shard_of(id).with([&](Shard& shard) -> Sighting {
    shard.forget_expired(limits_.lifetimes, now, gone);
    Record* const record = shard.find(id);
    if (record == nullptr) {
      const bool ended = shard.tombstones.has(id) || shard.negative_cache.has(id, now);
      return {.state = ended ? State::ended : State::unknown};
    }
    const bool over = record->over(limits_.lifetimes, now);
    shard.touch(*record, now);  // waits for memory, and meanwhile the user comes from there
    if (over || !record->current(stale_count_of(*record->user))) {
      shard.take_out(*record, gone);
      return {};
    }
    return {.state = State::live, .session = record->session()};
  });
  release(gone);
  return sighting;
}

std::optional<TimePoint> SessionMap::last_used(const SessionId& id) {
  return shard_of(id).with([&](Shard& shard) {
    const Record* const record = shard.find(id);
    return record == nullptr ? std::nullopt : std::optional(record->last_used);
  });
}

void SessionMap::forget(const SessionId& id) {
  Records gone;
  shard_of(id).with([&](Shard& shard) { shard.take_out(id, gone); });
  release(gone);
}

void SessionMap::revoke(const SessionId& id) {
  Records gone;
  const TimePoint now = clock_.now();
  shard_of(id).with([&](Shard& shard) {
    if (!keep_tombstones_) shard.tombstones.forget(now);
    shard.tombstones.release(id);
    shard.tombstones.note(id, now + limits_.remember);
    shard.take_out(id, gone);
  });
  release(gone);
}

void SessionMap::hold_revoked(const SessionId& id) {
  Records gone;
  shard_of(id).with([&](Shard& shard) {
    shard.tombstones.hold(id);
    shard.take_out(id, gone);
  });
  release(gone);
}

void SessionMap::note_missing(const SessionId& id) {
  shard_of(id).with([&](Shard& shard) { shard.negative_cache.note(id, clock_.now()); });
}

void SessionMap::revoke_user(const user::UserId& id, std::uint32_t epoch) {
  const TimePoint now = clock_.now();
  shard_of(id).with([&](UserShard& shard) {
    if (!keep_tombstones_) shard.forget_tombstones(now);
    if (!shard.revoke(id, epoch, now + limits_.remember)) return;
    shard.for_each_of(id, [](SessionUser& user) { user.mark_stale(); });
  });
}

void SessionMap::revoke_all(std::uint32_t epoch) {
  std::uint32_t known = site_epoch_;
  while (known < epoch && !site_epoch_.compare_exchange_weak(known, epoch)) {
  }
  if (known < epoch) ++site_stale_count_;
}

Epochs SessionMap::known_epochs(const user::UserId& id) {
  return {shard_of(id).with([&](const UserShard& shard) { return shard.known_epoch(id); }),
          site_epoch_};
}

std::vector<SessionMap::Use> SessionMap::used_since(TimePoint since) const {
  std::vector<Use> uses;
  for (const auto& shard : shards_) {
    shard.with([&](const Shard& sessions) {
      sessions.from_last_used([&](const Record& record) {
        if (record.last_used < since) return false;
        uses.push_back({record.id, record.last_used});
        return true;
      });
    });
  }
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

/// Drops the records, and the users that have no other.
void SessionMap::release(Records& gone) {
  for (auto& record : gone) {
    const SessionUserPtr user = std::move(record->user);
    record.reset();
    shard_of(user->id).with([&](UserShard& shard) { shard.forget_if_unused(*user); });
  }
}

Guarded<SessionMap::Shard>& SessionMap::shard_of(const SessionId& id) {
  // std::hash takes the first bytes, which choose the bucket; the last choose the shard.
  return shards_[static_cast<unsigned char>(id.bytes.back()) % shards_.size()];
}

Guarded<SessionMap::UserShard>& SessionMap::shard_of(const user::UserId& id) {
  // The low bits choose the bucket: were it by them, too, most buckets of a shard would be empty.
  constexpr unsigned kHighBits = 48;
  return users_[(std::hash<user::UserId>{}(id) >> kHighBits) % users_.size()];
}

}  // namespace gatehouse::session
