/// The parts of the session map, each under a lock of its own. Private to session/.
#pragma once

#include <algorithm>
#include <array>
#include <boost/intrusive/list.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tsl/robin_set.h>

#include "session/memory/session_map.h"
#include "session/memory/tombstones.h"
#include "session/memory/user_index.h"

namespace gatehouse::session {

using MapHook = boost::intrusive::link_mode<boost::intrusive::normal_link>;
inline constexpr std::size_t kSessionKinds = 2;

struct SessionMap::Record : boost::intrusive::list_base_hook<MapHook> {
  SessionId id;
  SessionUserPtr user;
  TimePoint created;
  TimePoint last_used;
  Fingerprint fingerprint = Fingerprint::unknown;
  std::uint32_t times_made_stale = 0;
  Kind kind = Kind::browser;
  bool login_time_known = true;

  [[nodiscard]] bool expired(const Lifetimes& lifetimes, TimePoint now) const noexcept {
    return lifetimes.of(kind).expired(created, last_used, now);
  }
  /// Whether the store must be asked about the session: since it was taken in, all sessions of its
  /// user were made stale, or the user's password changed. After a rehash of the same password it
  /// is not stale, and takes the fingerprint of the new hash over, as it did in the store.
  [[nodiscard]] bool stale(std::uint32_t times_made_stale_now) noexcept {
    const Fingerprint of_user = user->fingerprint();
    if (of_user != Fingerprint::unknown && of_user != fingerprint) {
      if (!user->rehashed(fingerprint, of_user)) return true;
      fingerprint = of_user;
    }
    return times_made_stale != times_made_stale_now;
  }
  [[nodiscard]] Session session() const {
    return {id, user, kind, created, last_used, login_time_known};
  }
};

/// Sessions in order of last use, with the tombstones and the negative cache of their ids. Records
/// that it takes out go to `dropped`, for the caller to destroy without the lock.
class SessionMap::Shard {
 public:
  Shard() = default;
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard() {
    for (List& list : by_use_) list.clear_and_dispose(std::default_delete<Record>());
  }

  Insertion insert(std::unique_ptr<Record> record, Place place, TimePoint now, Records& dropped) {
    if (tombstones.has(record->id)) return Insertion::revoked;
    if (Record* const known = find(record->id)) {
      if (place == Place::used) touch(*known, now);
      return Insertion::done;
    }
    forget_expired(now, dropped);
    if (index_.size() >= capacity) {
      if (place == Place::restored) return Insertion::full;
      take_out(longest_unused(), dropped);
    }
    index_.insert(record.get());
    Record& added = *record.release();
    List& list = list_of(added);
    if (place == Place::used && !list.empty())
      added.last_used = std::max(added.last_used, list.back().last_used);
    list.insert(place == Place::used ? list.end() : list.begin(), added);
    return Insertion::done;
  }

  void settle() {
    // The order is made in a vector: list.sort() would go from record to record all over the
    // memory.
    for (List& list : by_use_) {
      std::vector<std::pair<TimePoint, Record*>> order;
      order.reserve(index_.size());
      for (Record& record : list) order.emplace_back(record.last_used, &record);
      std::sort(order.begin(), order.end());
      list.clear();
      for (const auto& [last_used, record] : order) list.push_back(*record);
    }
  }

  [[nodiscard]] Record* find(const SessionId& id) {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : *found;
  }

  /// A thread reads the clock before it gets the lock, so another may have been faster. The list
  /// stays in order all the same: who reads it from its end stops where uses are too old.
  void touch(Record& record, TimePoint now) {
    List& list = list_of(record);
    record.last_used = std::max({record.last_used, now, list.back().last_used});
    list.splice(list.end(), list, list.iterator_to(record));
  }

  void take_out(Record& record, Records& dropped) {
    index_.erase(record.id);
    list_of(record).erase(List::s_iterator_to(record));
    dropped.emplace_back(&record);
  }
  void take_out(const SessionId& id, Records& dropped) {
    if (Record* const record = find(id)) take_out(*record, dropped);
  }

  /// Drops sessions that have expired: a few a call, so that no caller pays for all.
  void forget_expired(TimePoint now, Records& dropped) {
    for (List& list : by_use_) {
      for (int i = 0; i < 4 && !list.empty() && list.front().expired(lifetimes, now); ++i) {
        take_out(list.front(), dropped);
      }
    }
  }

  /// Visits the records of each kind, the last used first, until `see` says false.
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
    for (const Record* record : index_) all.push_back(record->id);
    return all;
  }
  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

  Lifetimes lifetimes;
  std::size_t capacity = 1;
  Tombstones tombstones;
  NegativeCache negative_cache;

 private:
  /// Intrusive, so that a record found by its id is moved in the list without a second allocation
  /// or an iterator to it.
  using List = boost::intrusive::list<Record, boost::intrusive::constant_time_size<false>>;
  struct Hash {
    std::size_t operator()(const SessionId& id) const noexcept { return SessionId::Hash{}(id); }
    std::size_t operator()(const Record* record) const noexcept { return (*this)(record->id); }
  };
  struct SameId {
    using is_transparent = void;
    bool operator()(const Record* a, const Record* b) const noexcept { return a->id == b->id; }
    bool operator()(const Record* a, const SessionId& id) const noexcept { return a->id == id; }
    bool operator()(const SessionId& id, const Record* a) const noexcept { return a->id == id; }
  };
  /// Stores the hashes beside the pointers, so that a lookup goes to no record but its own.
  /// Measured among a million records in 64 shards, bytes a session with the record, and ns of a
  /// lookup at p50 and p99: this 114, 746, 1489; boost::intrusive::unordered_set 105, 803, 2465;
  /// std::unordered_set of pointers 123, 1219, 2885; std::unordered_map and std::list 139, 1447,
  /// 3243. (On a busy machine: compare the columns, not the nanoseconds.)
  using Index = tsl::robin_set<Record*, Hash, SameId, std::allocator<Record*>, true>;

  List& list_of(const Record& record) { return by_use_[static_cast<std::size_t>(record.kind)]; }
  Record& longest_unused() {
    auto& [browser, persistent] = by_use_;
    if (browser.empty()) return persistent.front();
    if (persistent.empty()) return browser.front();
    return persistent.front().last_used < browser.front().last_used ? persistent.front()
                                                                    : browser.front();
  }

  std::array<List, kSessionKinds> by_use_;  // longest unused first
  Index index_;
};

/// The users who have sessions here, and tombstones of users all of whose sessions were revoked.
class SessionMap::UserShard {
 public:
  UserShard() = default;
  UserShard(const UserShard&) = delete;
  UserShard& operator=(const UserShard&) = delete;
  ~UserShard() { index_.clear_and_dispose(&intrusive_release); }

  /// Visits the user's objects, one for each name that their sessions have here: the name in the
  /// row may have been re-spelled between two logins.
  template <class Visit>
  void for_each_of(const user::UserId& id, const Visit& visit) {
    index_.for_each_of(id, visit);
  }

  /// The user's object for sessions under that name of the row and that name as typed (nothing: the
  /// same); it is made if there is none. Objects for other names stay beside it. Those are looked
  /// up before they are used again, since the row may belong to somebody else by now.
  SessionUserPtr get(const user::UserId& id, const std::string& name,
                     const std::optional<std::string>& login_name) {
    const std::string& lookup_name = login_name ? *login_name : name;
    SessionUser* const known = index_.find_if(id, [&](const SessionUser& user) {
      return user.name == name && user.lookup_name() == lookup_name;
    });
    if (known != nullptr) return known;
    index_.for_each_of(id, [](SessionUser& other) { other.set_unchecked(); });
    SessionUserPtr fresh(new SessionUser(id, name, login_name));
    intrusive_ptr_add_ref(fresh.get());  // the index's own
    index_.insert(*fresh);
    return fresh;
  }

  /// Drops the user's object if only the index and the caller refer to it.
  void forget_if_unused(const SessionUser& user) {
    constexpr std::uint32_t kIndexAndCaller = 2;
    SessionUser* const known =
        index_.find_if(user.id, [&](const SessionUser& one) { return &one == &user; });
    if (known != nullptr && known->held_by(kIndexAndCaller)) drop(*known);
  }
  void forget_unused() {
    std::vector<SessionUser*> unused;
    for (SessionUser& user : index_) {
      if (user.held_by(1)) unused.push_back(&user);
    }
    for (SessionUser* const user : unused) drop(*user);
  }

  /// Sets a tombstone for the user's sessions of a lower epoch. False if there is one already.
  bool set_tombstone(const user::UserId& id, Epoch epoch, TimePoint until) {
    const auto [tombstone, is_new] = tombstones_.try_emplace(id, Tombstone{epoch, until});
    if (!is_new && tombstone->second.epoch >= epoch) return false;
    tombstone->second = {epoch, until};
    queue_.emplace_back(until, id);
    return true;
  }
  /// Removes tombstones whose time has come: a few a call, so that no caller pays for all. One that
  /// was renewed since it was queued stays until its later place in the queue comes.
  void remove_old_tombstones(TimePoint now) {
    for (int i = 0; i < 4 && !queue_.empty() && queue_.front().first <= now; ++i) {
      const auto tombstone = tombstones_.find(queue_.front().second);
      if (tombstone != tombstones_.end() && tombstone->second.until <= now) {
        tombstones_.erase(tombstone);
      }
      queue_.pop_front();
    }
  }
  [[nodiscard]] bool revoked(const user::UserId& id, Epoch epoch) const {
    return known_epoch(id) > epoch;
  }
  /// 0 if there is no tombstone.
  [[nodiscard]] Epoch known_epoch(const user::UserId& id) const {
    const auto tombstone = tombstones_.find(id);
    return tombstone == tombstones_.end() ? Epoch{} : tombstone->second.epoch;
  }

 private:
  struct Tombstone {
    Epoch epoch;
    TimePoint until;
  };

  static void intrusive_release(SessionUser* user) { intrusive_ptr_release(user); }
  void drop(SessionUser& user) {
    index_.erase(user);
    intrusive_release(&user);
  }

  UserIndex index_;
  std::unordered_map<user::UserId, Tombstone, user::UserId::Hash> tombstones_;
  std::deque<std::pair<TimePoint, user::UserId>> queue_;  ///< of tombstones_, the oldest first
};

}  // namespace gatehouse::session
