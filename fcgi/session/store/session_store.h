/// What lies under the map and outlives the process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "session/session.h"

namespace gatehouse::session {

using std::chrono::microseconds;

/// How often everything of the user, and of the whole site, was ended when the session began: it
/// lives while neither has grown. (Counters, because the clocks of hosts and nodes differ.)
struct Epochs {
  std::uint32_t user = 0;
  std::uint32_t site = 0;
};

/// A live session as the store has it. Times are ages by the store's clock: they mean the same on
/// every host.
struct StoredSession {
  SessionId id;
  user::UserId user_id;
  std::string username;      ///< as the row had it at the login
  std::string login_name{};  ///< as it was typed; empty: the same, or from before it was kept
  Kind kind = Kind::browser;
  Fingerprint fingerprint = 0;       ///< of the password column at the login
  Fingerprint next_fingerprint = 0;  ///< and of the one that a rehash of ours may have put there
  Epochs epochs{};
  microseconds since_login{0};
  microseconds since_use{0};
  bool login_time_known = true;  ///< false: the store's clock was set back behind the login
};

/// From where a session was begun: for the eyes of its user.
struct Origin {
  std::string address;
  std::string user_agent;  ///< at most 255 bytes of UTF-8
};

struct ListedSession {
  StoredSession session;
  Origin origin;
};

struct StoredUse {
  SessionId id;
  microseconds ago;
};

struct UserRevocation {
  user::UserId id;
  std::uint32_t epoch;    ///< how often all of the user's sessions were ended
  std::uint32_t changes;  ///< how often that, or something else of theirs, changed
};

/// What was ended within a time.
struct Revocations {
  std::vector<SessionId> sessions;
  std::vector<UserRevocation> users;
  std::uint32_t site_epoch = 0;
  /// The store is older than it was when it was last asked: a backup was restored, or a replica was
  /// promoted that had not received everything. It does not know the revocations since.
  bool went_back = false;
};

/// A part of all live sessions, the latest logins first.
struct Page {
  std::vector<StoredSession> sessions;
  std::optional<std::uint64_t> next;  ///< for the next page; nothing: this was the last
};

/// Errors: `unavailable` when the store does not answer (of a change the outcome may be unknown),
/// `failed` when it refuses. Thread-safe. Every call may take as long as the database: never on
/// the instant lane.
class SessionStore {
 public:
  static constexpr std::chrono::seconds kKeyUse{30};

  virtual ~SessionStore() = default;

  /// Whether a session that had to leave the map is still to be had here.
  [[nodiscard]] virtual bool outlives_map() const noexcept = 0;

  /// Committed before it returns; else the session does not exist for anyone. Its epochs are those
  /// before that and are given back (sessions that are ended meanwhile may take it with them); the
  /// epochs and ages in `session` are not read.
  virtual Result<Epochs> add(const StoredSession& session, const Origin& origin) = 0;
  /// Marks it ended for good, known or not; done before it returns.
  virtual Result<void> revoke(const SessionId& id) = 0;
  /// Ends all sessions of the user but `keep`, which must not have been ended: if it was, nothing
  /// is done and given. Without `keep`, all. Gives the user's epoch from now on.
  virtual Result<std::optional<std::uint32_t>> revoke_user(
      const user::UserId& id, const std::optional<SessionId>& keep) = 0;
  virtual Result<void> revoke_all() = 0;

  /// A live session; nothing if there is none for certain.
  virtual Result<std::optional<StoredSession>> find(const SessionId& id) = 0;
  /// Those among them that were not ended. (They may be over by time, which their map knows better:
  /// last uses are written late.)
  virtual Result<std::vector<SessionId>> not_revoked(std::span<const SessionId> ids) = 0;
  /// The user's live sessions, the last used first, at most 10,000.
  virtual Result<std::vector<ListedSession>> list(const user::UserId& id) = 0;
  /// Hands over the live sessions of everybody, the latest logins first, until `session` says
  /// false. It must be quick, and may be called anew, from the first, after `begin` was.
  virtual Result<void> for_each_live(const std::function<void()>& begin,
                                     const std::function<bool(ListedSession&&)>& session) = 0;
  virtual Result<Page> page(std::optional<std::uint64_t> from) = 0;
  /// Everything that was ended at most `window` ago.
  virtual Result<Revocations> revocations(microseconds window) = 0;

  /// Notes last uses, in the order of ids; never brings an ended session back.
  virtual Result<void> note_uses(std::span<const StoredUse> uses) = 0;
  /// Before our own change of the user's password column: sessions with one of the `old`
  /// fingerprints may show `fresh` as well. After it, with `done`: only `fresh`.
  virtual Result<void> change_fingerprint(const user::UserId& id, std::span<const Fingerprint> old,
                                          Fingerprint fresh, bool done) = 0;
  /// The same for one session, whatever it shows.
  virtual Result<void> change_fingerprint(const SessionId& id, Fingerprint fresh, bool done) = 0;
  /// Removes what was over or ended more than a day ago, if no other host does so now.
  virtual Result<void> purge() = 0;
  /// Makes the user's epoch at least `least`, that of everybody if `id` is empty. Gives whether it
  /// was lower: the store had forgotten revocations.
  virtual Result<bool> raise_epoch(const user::UserId& id, std::uint32_t least) = 0;
  /// Whether a login and a revocation could be written now. Leaves nothing behind.
  virtual Result<void> probe() = 0;
  /// Whether sessions made with these keys (their public marks, the signing one first) belong into
  /// this store; they are noted, as in use from now on for kKeyUse. A running host calls it again
  /// well within that time. `refused` if not: another key is in use, or sessions of other keys
  /// live.
  virtual Result<void> claim(std::span<const std::string> key_marks) = 0;
};

}  // namespace gatehouse::session
