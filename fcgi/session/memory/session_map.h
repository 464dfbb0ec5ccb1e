/// The sessions of this process: a cache over the session store.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "session/session.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// Sharded and bounded; each shard keeps its sessions in order of last use, a list for each kind,
/// so that expiry and making room cost O(1). What is absent or over here is not ended: the store
/// knows. What was ended is remembered for a while, so that a look-up that was under way meanwhile
/// brings nothing back: an insertion is checked under the lock that the ending took.
/// Thread-safe; look-up and touch take one shard's lock. No thread holds two locks.
class SessionMap {
 public:
  struct Limits {
    Lifetimes lifetimes;
    std::size_t capacity;  ///< the longest unused of a full shard makes room
    /// How long an ending is remembered at least: longer than any look-up may take.
    std::chrono::seconds remember{60};
  };

  enum class State { live, ended, unknown };
  struct Sighting {
    State state = State::unknown;
    std::optional<Session> session{};  ///< a live one
  };

  /// A session as the store had it at some moment in the past.
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
    done,     ///< or it was there already
    revoked,  ///< it was ended meanwhile
    /// All sessions of its user, or of everybody, were ended since the store had it so. It may be
    /// the one that was kept: only the store knows, and must be read again.
    stale,
    full,  ///< (of `restore`)
  };

  struct Use {
    SessionId id;
    TimePoint last_used;
  };

  SessionMap(const Clock& clock, Limits limits);
  ~SessionMap();
  SessionMap(const SessionMap&) = delete;
  SessionMap& operator=(const SessionMap&) = delete;

  /// The user's object for sessions under that name of the row, begun with that name as typed
  /// (empty: the same): the one that is there, or a new one.
  [[nodiscard]] SessionUserPtr user(const user::UserId& id, const std::string& name,
                                    const std::string& login_name = {});
  /// The user's objects, one for each name that their sessions have here.
  [[nodiscard]] std::vector<SessionUserPtr> users_of(const user::UserId& id);
  /// One of them; null if there is none.
  [[nodiscard]] SessionUserPtr find_user(const user::UserId& id);

  /// Adds a session that is in use now. `made_room`, if given, gets the live one that had to go.
  Insertion insert(const NewRecord& arrival, std::optional<SessionId>* made_room = nullptr);
  /// Adds one that is not in use: it takes nobody's room, and no place in the order of use until
  /// `settle`.
  Insertion restore(const NewRecord& arrival);
  /// Orders what was restored by last use.
  void settle();

  /// Without using it; nothing if it is not here.
  [[nodiscard]] std::optional<TimePoint> last_used(const SessionId& id);

  /// A live session is used now.
  [[nodiscard]] Sighting find(const SessionId& id);

  /// Forgets it: the store is asked when it comes again.
  void forget(const SessionId& id);
  /// Forgets it, and remembers that it has ended.
  void revoke(const SessionId& id);
  /// The same until `end` is called: the store does not know it yet.
  void hold_revoked(const SessionId& id);
  /// The store has no live session of this id; remembered for 5 s only. For dead ones that come
  /// again and again, not for revocations.
  void note_missing(const SessionId& id);
  /// Ends the user's sessions of a lower epoch; all others become unknown.
  void revoke_user(const user::UserId& id, std::uint32_t epoch);
  /// The same of everybody.
  void revoke_all(std::uint32_t epoch);
  /// The highest epochs that are known of the user (for as long as an ending is remembered) and of
  /// everybody (for ever).
  [[nodiscard]] Epochs known_epochs(const user::UserId& id);
  /// While held, endings are not forgotten (a long reading of the store is under way).
  void keep_tombstones(bool keep) noexcept { keep_tombstones_ = keep; }

  /// The sessions used at or after that time.
  [[nodiscard]] std::vector<Use> used_since(TimePoint since) const;
  /// The users of sessions used at or after `since` who were not looked up after `checked`, each
  /// once.
  [[nodiscard]] std::vector<SessionUserPtr> users_to_check(TimePoint since,
                                                           TimePoint checked) const;
  /// For going through all of them: `shard` is below `shards()`.
  [[nodiscard]] std::vector<SessionId> ids(std::size_t shard) const;
  [[nodiscard]] std::size_t shards() const noexcept;

  /// Drops the users without sessions that were in somebody's hands when their last session went.
  void forget_unused_users();

  /// Including those that are over but not forgotten yet.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Record;
  class Shard;
  class UserShard;
  using Records = std::vector<std::unique_ptr<Record>>;

  enum class Place { used, restored };
  Insertion insert(const NewRecord& arrival, Place place, Records& gone);
  [[nodiscard]] std::unique_ptr<Record> record_of(const NewRecord& arrival) const;
  [[nodiscard]] Guarded<Shard>& shard_of(const SessionId& id);
  [[nodiscard]] Guarded<UserShard>& shard_of(const user::UserId& id);
  [[nodiscard]] std::uint32_t stale_count_of(const SessionUser& user) const noexcept;
  void release(Records& gone);

  const Clock& clock_;
  const Limits limits_;
  std::vector<Guarded<Shard>> shards_;  // as many as users_; never resized
  std::vector<Guarded<UserShard>> users_;
  std::atomic<std::uint32_t> site_epoch_{0};
  std::atomic<std::uint32_t> site_stale_count_{0};
  std::atomic<bool> keep_tombstones_{false};
};

}  // namespace gatehouse::session
