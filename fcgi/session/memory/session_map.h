/// The sessions of this process: a cache over the session store.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "session/session.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// Holds sessions in memory, so that a lookup needs no database. It is a cache: what it does not
/// hold, or what has expired here, is `ask_store` and not `none`, since another host may have used
/// it. A revoked session keeps a tombstone for a while. An insertion looks for it under the lock
/// that the revocation took, so that a lookup which read the store before the revocation brings
/// nothing back.
///
/// The map is bounded and sharded. Each shard keeps its sessions in order of last use, one list for
/// each kind, so that expiry and making room cost O(1).
/// Thread-safe. A lookup takes the lock of one shard. No thread holds two locks.
class SessionMap {
 public:
  struct Limits {
    Lifetimes lifetimes;
    std::size_t capacity;  ///< in a full shard the longest unused session makes room
    /// How long a tombstone stands: longer than a lookup in the store may take (SessionCache).
    std::chrono::seconds tombstone{60};
  };

  /// A session to be taken in, as the store had it at some moment in the past.
  struct NewRecord {
    SessionId id;
    SessionUserPtr user;
    Kind kind;
    TimePoint created;
    TimePoint last_used;
    Fingerprint fingerprint;
    Epochs epochs;
    bool login_time_known = true;  ///< see Session
  };
  enum class Insertion {
    done,     ///< it was inserted, or was there already
    revoked,  ///< there is a tombstone: it was revoked since it was read
    /// All sessions of its user, or of everybody, were revoked since it was read. It may be the one
    /// that was kept, which only the store knows: it must be read again.
    stale,
    full,  ///< there is no room (restore() only)
  };

  struct Use {
    SessionId id;
    TimePoint last_used;
  };

  SessionMap(const Clock& clock, Limits limits);
  ~SessionMap();
  /// Goes by other lifetimes and another capacity from now on, also for the sessions that are here.
  void set_limits(const Limits& limits);
  SessionMap(const SessionMap&) = delete;
  SessionMap& operator=(const SessionMap&) = delete;

  /// The user's object for sessions under that name of the row, begun with that name as typed
  /// (nothing: the same name). It is made if there is none.
  [[nodiscard]] SessionUserPtr user(const user::UserId& id, const std::string& name,
                                    const std::optional<std::string>& login_name = {});
  /// The user's objects, one for each name that their sessions have here.
  [[nodiscard]] std::vector<SessionUserPtr> users_of(const user::UserId& id);
  /// Any one of the user's objects; null if there is none.
  [[nodiscard]] SessionUserPtr find_user(const user::UserId& id);

  /// Adds a session that is in use now. `made_room`, if given, gets the live session that had to
  /// leave a full shard.
  Insertion insert(const NewRecord& session, std::optional<SessionId>* made_room = nullptr);
  /// Adds a session that is not in use. It takes nobody's room, and stands outside of the order of
  /// use until settle().
  Insertion restore(const NewRecord& session);
  /// Puts restored sessions into the order of use.
  void settle();

  /// When a session was last used here; nothing if it is not here. This is not a use of it.
  [[nodiscard]] std::optional<TimePoint> last_used(const SessionId& id);

  /// Looks a session up. A live one is used by this.
  [[nodiscard]] Lookup find(const SessionId& id);

  /// Drops a session without a tombstone: the store is asked when it comes again.
  void forget(const SessionId& id);
  /// Drops a session and sets a tombstone.
  void revoke(const SessionId& id);
  /// Does the same with a tombstone that stands until revoke() is called, because the store could
  /// not be told of the revocation yet.
  void hold_revoked(const SessionId& id);
  /// Notes for 5 s that the store has no live session of this id. This is no tombstone: a session
  /// of the id may be inserted.
  void note_missing(const SessionId& id);
  /// Refuses the user's sessions of a lower epoch from now on. The sessions that are here become
  /// stale, since the map does not know their epochs.
  void revoke_user(const user::UserId& id, Epoch epoch);
  /// Does the same for everybody's sessions.
  void revoke_all(Epoch site_epoch);
  /// The highest epoch of the user that is known here; 0 once its tombstone is removed.
  [[nodiscard]] Epoch known_user_epoch(const user::UserId& id);
  /// The highest epoch of the site that is known here.
  [[nodiscard]] Epoch known_site_epoch() const noexcept { return site_epoch_; }
  /// From keep_tombstones(true) to the keep_tombstones(false) that belongs to it no tombstone is
  /// removed, because a reading of the whole store is under way and takes longer than a tombstone
  /// stands. There may be several at once.
  void keep_tombstones(bool keep) noexcept { keep_tombstones_ += keep ? 1 : -1; }

  /// The sessions of one shard (0 to shards() - 1) used at or after that time.
  [[nodiscard]] std::vector<Use> used_since(std::size_t shard, TimePoint since) const;
  /// The users of sessions used at or after `since` who were not looked up after `checked`, each
  /// once.
  [[nodiscard]] std::vector<SessionUserPtr> users_to_check(TimePoint since,
                                                           TimePoint checked) const;
  /// All sessions of one shard (0 to shards() - 1).
  [[nodiscard]] std::vector<SessionId> ids(std::size_t shard) const;
  [[nodiscard]] std::size_t shards() const noexcept;

  /// Drops users without sessions who were in use by a thread when their last session went.
  void forget_unused_users();

  /// The number of sessions, including those that have expired and are not dropped yet.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Record;
  class Shard;
  class UserShard;
  using Records = std::vector<std::unique_ptr<Record>>;

  enum class Place { used, restored };
  Insertion insert(const NewRecord& session, Place place, Records& dropped);
  [[nodiscard]] std::unique_ptr<Record> record_of(const NewRecord& session) const;
  [[nodiscard]] Guarded<Shard>& shard_of(const SessionId& id);
  [[nodiscard]] Guarded<UserShard>& shard_of(const user::UserId& id);
  [[nodiscard]] std::uint32_t times_made_stale(const SessionUser& user) const noexcept;
  void release(Records& dropped);

  const Clock& clock_;
  const std::chrono::seconds tombstone_;
  std::vector<Guarded<Shard>> shards_;  // as many as users_; never resized
  std::vector<Guarded<UserShard>> users_;
  std::atomic<Epoch> site_epoch_{Epoch{}};
  std::atomic<std::uint32_t> site_times_made_stale_{0};
  std::atomic<int> keep_tombstones_{0};
};

}  // namespace gatehouse::session
