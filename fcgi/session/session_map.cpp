#include "session/session_map.h"

#include <algorithm>
#include <array>
#include <boost/intrusive/list.hpp>
#include <unordered_map>
#include <utility>

#include "session/map_index.h"
#include "session/memories.h"

namespace gatehouse::session {
namespace {

namespace intrusive = boost::intrusive;

using UnlinkedHook = intrusive::link_mode<intrusive::normal_link>;
constexpr std::size_t kKinds = 2;

/// Few enough that a small map is not cut to pieces, enough that threads rarely meet.
std::size_t shards_for(std::size_t capacity) {
  constexpr std::size_t kMostShards = 64;
  constexpr std::size_t kSessionsWorthAShard = 1024;
  return std::clamp<std::size_t>(capacity / kSessionsWorthAShard, 1, kMostShards);
}

}  // namespace

struct SessionMap::Record : intrusive::list_base_hook<UnlinkedHook>,
                            intrusive::unordered_set_base_hook<UnlinkedHook> {
  SessionId id;
  SessionUserPtr user;
  TimePoint created;
  TimePoint last_used;
  Fingerprint fingerprint = 0;
  std::uint32_t generation = 0;
  Kind kind = Kind::browser;

  [[nodiscard]] bool over(const Lifetimes& lifetimes, TimePoint now) const noexcept {
    return lifetimes.of(kind).over(created, last_used, now);
  }
  /// Nothing has happened to its user that the store should be asked about.
  [[nodiscard]] bool current(std::uint32_t generation_now) const noexcept {
    const Fingerprint of_user = user->fingerprint();
    return generation == generation_now && (of_user == 0 || of_user == fingerprint);
  }
  [[nodiscard]] Session session() const { return {id, user, kind, created, last_used}; }
};

/// What it takes out goes to `gone`, to be dropped without the lock.
class SessionMap::Shard {
 public:
  Shard() = default;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard() {
    for (List& list : by_use_) list.clear_and_dispose(std::default_delete<Record>());
  }

  Insertion insert(std::unique_ptr<Record> record, Place place, std::size_t capacity,
                   const Lifetimes& lifetimes, TimePoint now, Records& gone) {
    if (endings.has(record->id)) return Insertion::ended;
    if (Record* const known = find(record->id)) {
      if (place == Place::used) touch(*known, now);
      return Insertion::done;
    }
    forget_expired(lifetimes, now, gone);
    if (index_.size() >= capacity) {
      if (place == Place::restored) return Insertion::full;
      take_out(longest_unused(), gone);
    }
    Record& added = *record.release();
    index_.insert(added);
    List& list = list_of(added);
    list.insert(place == Place::used ? list.end() : list.begin(), added);
    return Insertion::done;
  }

  void settle() {
    for (List& list : by_use_) {
      list.sort([](const Record& a, const Record& b) { return a.last_used < b.last_used; });
    }
  }

  [[nodiscard]] Record* find(const SessionId& id) { return index_.find(id); }

  void touch(Record& record, TimePoint now) {
    record.last_used = std::max(record.last_used, now);
    List& list = list_of(record);
    list.splice(list.end(), list, list.iterator_to(record));
  }

  void take_out(Record& record, Records& gone) {
    index_.erase(record);
    list_of(record).erase(List::s_iterator_to(record));
    gone.emplace_back(&record);
  }
  void take_out(const SessionId& id, Records& gone) {
    if (Record* const record = find(id)) take_out(*record, gone);
  }

  /// A few a call, so that none pays for all.
  void forget_expired(const Lifetimes& lifetimes, TimePoint now, Records& gone) {
    for (List& list : by_use_) {
      for (int i = 0; i < 4 && !list.empty() && list.front().over(lifetimes, now); ++i) {
        take_out(list.front(), gone);
      }
    }
  }

  /// The last used first, as long as `see` says so.
  template <class See>
  void from_last_used(const See& see) const {
    for (const List& list : by_use_) {
      for (auto record = list.rbegin(); record != list.rend() && see(*record); ++record) {
      }
    }
  }

  [[nodiscard]] std::vector<SessionId> ids() const {
    std::vector<SessionId> all;
    all.reserve(index_.size());
    for (const Record& record : index_) all.push_back(record.id);
    return all;
  }
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

  RecentEndings endings;
  RecentAbsences absences;

 private:
  using List = intrusive::list<Record, intrusive::constant_time_size<false>>;
  struct ById {
    using Key = SessionId;
    static const SessionId& key(const Record& record) noexcept { return record.id; }
    static std::size_t hash(const SessionId& id) noexcept { return std::hash<SessionId>{}(id); }
  };

  List& list_of(const Record& record) { return by_use_[static_cast<std::size_t>(record.kind)]; }
  Record& longest_unused() {
    auto& [browser, persistent] = by_use_;
    if (browser.empty()) return persistent.front();
    if (persistent.empty()) return browser.front();
    return persistent.front().last_used < browser.front().last_used ? persistent.front()
                                                                    : browser.front();
  }

  std::array<List, kKinds> by_use_;  // longest unused first
  MapIndex<Record, ById> index_;
};

/// The users that have sessions here, and whose were all ended not long ago.
class SessionMap::UserShard {
 public:
  UserShard() = default;
  UserShard(const UserShard&) = delete;
  UserShard& operator=(const UserShard&) = delete;
  ~UserShard() { index_.clear_and_dispose(&intrusive_release); }

  [[nodiscard]] SessionUser* find(const user::UserId& id) { return index_.find(id); }

  SessionUserPtr get(const user::UserId& id, const std::string& name) {
    SessionUser* const known = find(id);
    if (known != nullptr && known->name == name) return known;
    if (known != nullptr) {  // has another name now: the sessions of the old one must ask for it
      known->begin_generation();
      drop(*known);
    }
    SessionUserPtr fresh(new SessionUser(id, name));
    intrusive_ptr_add_ref(fresh.get());  // the index's own
    index_.insert(*fresh);
    return fresh;
  }

  /// Drops it if nobody but the index and the one who asks has it.
  void forget_if_unused(const SessionUser& user) {
    constexpr std::uint32_t kIndexAndCaller = 2;
    SessionUser* const known = find(user.id);
    if (known == &user && known->held_by(kIndexAndCaller)) drop(*known);
  }
  void forget_unused() {
    std::vector<SessionUser*> unused;
    for (const SessionUser& user : index_) {
      if (user.held_by(1)) unused.push_back(find(user.id));
    }
    for (SessionUser* const user : unused) drop(*user);
  }

  /// False if it is known already.
  bool end(const user::UserId& id, std::uint32_t epoch, TimePoint until) {
    const auto [ending, is_new] = endings_.try_emplace(id, Ending{epoch, until});
    if (!is_new && ending->second.epoch >= epoch) return false;
    ending->second = {epoch, until};
    return true;
  }
  void forget_endings(TimePoint now) {
    std::erase_if(endings_, [&](const auto& ending) { return ending.second.until <= now; });
  }
  [[nodiscard]] bool ended(const user::UserId& id, std::uint32_t epoch) const {
    const auto ending = endings_.find(id);
    return ending != endings_.end() && ending->second.epoch > epoch;
  }

 private:
  struct ById {
    using Key = user::UserId;
    static const user::UserId& key(const SessionUser& user) noexcept { return user.id; }
    static std::size_t hash(const user::UserId& id) noexcept {
      return std::hash<user::UserId>{}(id);
    }
  };
  struct Ending {
    std::uint32_t epoch;
    TimePoint until;
  };

  static void intrusive_release(SessionUser* user) { intrusive_ptr_release(user); }
  void drop(SessionUser& user) {
    index_.erase(user);
    intrusive_release(&user);
  }

  MapIndex<SessionUser, ById> index_;
  std::unordered_map<user::UserId, Ending> endings_;
};

SessionMap::SessionMap(const Clock& clock, Limits limits)
    : clock_(clock),
      limits_(limits),
      shards_(shards_for(limits.capacity)),
      users_(shards_.size()) {}

SessionMap::~SessionMap() = default;

SessionUserPtr SessionMap::user(const user::UserId& id, const std::string& name) {
  return shard_of(id).with([&](UserShard& shard) { return shard.get(id, name); });
}

SessionUserPtr SessionMap::find_user(const user::UserId& id) {
  return shard_of(id).with([&](UserShard& shard) { return SessionUserPtr(shard.find(id)); });
}

std::uint32_t SessionMap::generation_of(const SessionUser& user) const noexcept {
  return user.generation() + site_generation_;  // both only grow: the sum tells either
}

/// Of the generation that the user has before the epochs are looked at: an ending that comes after
/// that makes it unknown again.
std::unique_ptr<SessionMap::Record> SessionMap::record_of(const Arrival& arrival) const {
  auto record = std::make_unique<Record>();
  record->id = arrival.id;
  record->user = arrival.user;
  record->created = arrival.created;
  record->last_used = arrival.last_used;
  record->fingerprint = arrival.fingerprint;
  record->generation = generation_of(*arrival.user);
  record->kind = arrival.kind;
  return record;
}

SessionMap::Insertion SessionMap::insert(const Arrival& arrival, Place place, Records& gone) {
  auto record = record_of(arrival);
  const bool ended = shard_of(arrival.user->id).with([&](const UserShard& shard) {
    return shard.ended(arrival.user->id, arrival.epochs.user);
  });
  if (ended || arrival.epochs.site < site_epoch_) return Insertion::ended;
  const std::size_t capacity = std::max<std::size_t>(1, limits_.capacity / shards_.size());
  const TimePoint now = clock_.now();
  return shard_of(arrival.id).with([&](Shard& shard) {
    if (!keep_endings_) shard.endings.forget(now);
    return shard.insert(std::move(record), place, capacity, limits_.lifetimes, now, gone);
  });
}

SessionMap::Insertion SessionMap::insert(const Arrival& arrival,
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

SessionMap::Insertion SessionMap::restore(const Arrival& arrival) {
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
      const bool ended = shard.endings.has(id) || shard.absences.has(id, now);
      return {.state = ended ? State::ended : State::unknown};
    }
    if (record->over(limits_.lifetimes, now) || !record->current(generation_of(*record->user))) {
      shard.take_out(*record, gone);
      return {};
    }
    shard.touch(*record, now);
    return {.state = State::live, .session = record->session()};
  });
  release(gone);
  return sighting;
}

void SessionMap::forget(const SessionId& id) {
  Records gone;
  shard_of(id).with([&](Shard& shard) { shard.take_out(id, gone); });
  release(gone);
}

void SessionMap::end(const SessionId& id) {
  Records gone;
  const TimePoint now = clock_.now();
  shard_of(id).with([&](Shard& shard) {
    if (!keep_endings_) shard.endings.forget(now);
    shard.endings.release(id);
    shard.endings.note(id, now + limits_.remember);
    shard.take_out(id, gone);
  });
  release(gone);
}

void SessionMap::hold_ended(const SessionId& id) {
  Records gone;
  shard_of(id).with([&](Shard& shard) {
    shard.endings.hold(id);
    shard.take_out(id, gone);
  });
  release(gone);
}

void SessionMap::note_absent(const SessionId& id) {
  shard_of(id).with([&](Shard& shard) { shard.absences.note(id, clock_.now()); });
}

void SessionMap::end_user(const user::UserId& id, std::uint32_t epoch) {
  const TimePoint now = clock_.now();
  shard_of(id).with([&](UserShard& shard) {
    if (!keep_endings_) shard.forget_endings(now);
    if (!shard.end(id, epoch, now + limits_.remember)) return;
    if (SessionUser* const user = shard.find(id)) user->begin_generation();
  });
}

void SessionMap::end_all(std::uint32_t epoch) {
  std::uint32_t known = site_epoch_;
  while (known < epoch && !site_epoch_.compare_exchange_weak(known, epoch)) {
  }
  if (known < epoch) ++site_generation_;
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

std::vector<SessionUserPtr> SessionMap::users_to_check(TimePoint since, TimePoint checked) {
  std::vector<SessionUserPtr> users;
  const TimePoint now = clock_.now();
  for (const auto& shard : shards_) {
    shard.with([&](const Shard& sessions) {
      sessions.from_last_used([&](const Record& record) {
        if (record.last_used < since) return false;
        if (record.user->checked() > checked) return true;
        record.user->set_checked(now);
        users.push_back(record.user);
        return true;
      });
    });
  }
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
  return users_[std::hash<user::UserId>{}(id) % shards_.size()];
}

}  // namespace gatehouse::session
