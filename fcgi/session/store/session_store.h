/// The store: what lies under the map and knows the sessions of all hosts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "guard/device_mint.h"
#include "session/session.h"

namespace gatehouse::mysql {
class Connection;
}  // namespace gatehouse::mysql

namespace gatehouse::session {

/// How often all sessions of one user, or of the whole site, have been revoked. It only grows. It
/// is a counter and not a time, because the clocks of hosts and database nodes differ.
enum class Epoch : std::uint32_t {};

[[nodiscard]] constexpr std::uint32_t number_of(Epoch epoch) noexcept {
  return static_cast<std::uint32_t>(epoch);
}
[[nodiscard]] constexpr Epoch next(Epoch epoch) noexcept {
  return Epoch{number_of(epoch) + 1};
}

/// The epochs at the time when a session began. The session lives while neither has grown.
struct Epochs {
  Epoch user{};
  Epoch site{};
};

/// A live session as the store has it. Times are ages by the store's clock, so that they mean the
/// same on every host.
struct StoredSession {
  SessionId id;
  user::UserId user_id{};
  std::string username;  ///< as the row had it at the login
  /// The name as it was typed; nothing where that is `username`, or from before it was kept.
  std::optional<std::string> login_name{};
  Kind kind = Kind::browser;
  Fingerprint fingerprint = Fingerprint::unknown;  ///< of the password column at the login
  /// Set during a change of the column by us: the session may show either fingerprint.
  Fingerprint next_fingerprint = Fingerprint::unknown;
  Epochs epochs{};
  microseconds since_login{0};
  microseconds since_use{0};
  bool login_time_known = true;  ///< see Session

  /// The name to look up when the user's row is to be found again.
  [[nodiscard]] const std::string& lookup_name() const noexcept {
    return login_name ? *login_name : username;
  }
};

/// A place that a user has logged in from, by one login or several: an address, or a device.
struct StoredPlace {
  std::string address{};  ///< the latest one of its network; empty for a device
  std::string device{};   ///< as Origin has it; empty for an address
  Fingerprint fingerprint = Fingerprint::unknown;
  Fingerprint next_fingerprint = Fingerprint::unknown;
  bool current = true;  ///< all sessions of the user were not revoked since
  microseconds ago{0};  ///< the latest login
  std::uint32_t logins = 1;
};

struct ListedSession {
  StoredSession session;
  Origin origin;
};

struct StoredUse {
  SessionId id;
  microseconds ago;
};

/// A revocation of all sessions of a user.
struct UserRevocation {
  user::UserId id;
  Epoch epoch;
  std::uint32_t changes;  ///< grows with the epoch, and with whatever else changed for the user
};

/// The revocations within a window of time.
struct Revocations {
  std::vector<SessionId> sessions;
  std::vector<UserRevocation> users;
  Epoch site_epoch{};
  /// The store is older than when it was last asked: a backup was restored, or a replica was
  /// promoted that had not received everything. It has forgotten the revocations since.
  bool went_back = false;
};

/// A part of all live sessions, the latest logins first.
struct Page {
  std::vector<StoredSession> sessions;
  std::optional<std::uint64_t> next;  ///< where the next page begins; nothing: this was the last
};

/// A session that has just been stored.
struct Begun {
  Epochs epochs;
  /// So many live sessions the user had just before; those that begin at the same moment may be
  /// missing. Nothing from a store for which list() costs nothing.
  std::optional<std::size_t> others;
};

/// The two calls of change_fingerprint() around our own change of a password column.
enum class HashChange {
  begins,  ///< the column is about to change: either fingerprint is right
  done,    ///< the column has changed: only the new fingerprint is right
};

/// Keeps sessions so that they outlive the map's memory: in MySQL, or in this process.
/// Errors: `unavailable` if the store does not answer (whether a change was made may be unknown),
/// `failed` if it refuses. Thread-safe. Every call may take as long as the database, so that none
/// may be made on the instant lane.
class SessionStore {
 public:
  /// A claim of keys counts for this long (see `claim`).
  static constexpr std::chrono::seconds kKeyUse{30};
  static constexpr std::chrono::minutes kLinkLasts{30};
  /// So many places of a user are told of, those that come first.
  static constexpr std::size_t kMostAddresses = 1'000;
  static constexpr std::size_t kMostDevices = 50;
  static constexpr std::size_t kMostNoted = 500;

  virtual ~SessionStore() = default;

  /// Whether a session that had to leave the map can still be found here.
  [[nodiscard]] virtual bool outlives_map() const noexcept = 0;

  /// Stores a session with the epochs of this moment and gives them. It is committed when this
  /// returns; after an error no host accepts the session. `epochs` and ages in `session` are not
  /// read. Accepted race: a login that overlaps revoke_user() or revoke_all() may get a session
  /// that is revoked already.
  virtual Result<Begun> add(const StoredSession& session, const Origin& origin) = 0;
  /// Revokes the sessions for good, whether they are known here or not. Committed when this
  /// returns; after an error, some of them may be revoked.
  virtual Result<void> revoke(std::span<const SessionId> ids) = 0;
  Result<void> revoke(const SessionId& id) { return revoke(std::span(&id, 1)); }
  /// Revokes all sessions of the user but `keep`, or all if nothing is to be kept. Gives the user's
  /// epoch from now on. If `keep` is itself revoked or another user's, nothing is revoked and
  /// nothing given: a session that is not live must not revoke others. `keep` counts as used now.
  virtual Result<std::optional<Epoch>> revoke_user(const user::UserId& id,
                                                   const std::optional<SessionId>& keep) = 0;
  /// Revokes every session of the site.
  virtual Result<void> revoke_all() = 0;

  /// The live session of that id; nothing only if there is none for certain.
  virtual Result<std::optional<StoredSession>> find(const SessionId& id) = 0;
  /// Those of the ids, no two of which may be equal, that are not revoked. Some may have expired:
  /// last uses are written late, so that the map knows that better.
  virtual Result<std::vector<SessionId>> not_revoked(std::span<const SessionId> ids) = 0;
  /// The user's live sessions, the last used first, at most 10,000.
  virtual Result<std::vector<ListedSession>> list(const user::UserId& id) = 0;
  /// Notes from where the sessions of those ids, at most kMostNoted, were begun, so that places()
  /// tells of it. To be called once after add(), for many at a time (PlaceWriter). A store for
  /// which it costs nothing has done it with add().
  virtual Result<void> note_logins(std::span<const SessionId> ids) = 0;
  /// From where the user has logged in within that time: each network of an address, the latest
  /// first, and each device, those first that have come back.
  virtual Result<std::vector<StoredPlace>> places(const user::UserId& id,
                                                  std::chrono::seconds within) = 0;
  /// Keeps a link by which a device becomes known to the user whose password column has that
  /// fingerprint (guard::DeviceLink).
  virtual Result<void> keep_link(const guard::DeviceLink& link, Fingerprint fingerprint) = 0;
  /// Uses a link up: `device` is known from now on, as after a login, and stands before the user's
  /// other devices. False if it is used, is older than kLinkLasts or is not known here, or if all
  /// sessions of the user have been revoked since. Of several at once one succeeds.
  virtual Result<bool> use_link(const guard::DeviceLink& link, const std::string& device) = 0;
  /// Hands over the live sessions of everybody, the latest logins first, until `session` says
  /// false. `session` must be quick. If the connection breaks, all of it is repeated: `begin` is
  /// called again, and then the first session comes again.
  virtual Result<void> for_each_live(const std::function<void()>& begin,
                                     const std::function<bool(ListedSession&&)>& session) = 0;
  /// One page of all live sessions, from the beginning or from where the page before ended.
  virtual Result<Page> page(std::optional<std::uint64_t> from) = 0;
  /// Everything that was revoked at most `window` ago.
  virtual Result<Revocations> revocations(microseconds window) = 0;

  /// Writes last uses. `uses` must be in the order of their ids, so that two hosts lock rows in one
  /// order. A revoked session stays revoked.
  virtual Result<void> note_uses(std::span<const StoredUse> uses) = 0;
  /// Tells of our own change of the user's password column to the hash of `fresh`. It concerns
  /// sessions that show one of the `old` fingerprints; the others were begun under another password
  /// and stay revoked by their fingerprint.
  virtual Result<void> change_fingerprint(const user::UserId& id, std::span<const Fingerprint> old,
                                          Fingerprint fresh, HashChange step) = 0;
  /// Tells of the same for one session, whatever fingerprint it shows.
  virtual Result<void> change_fingerprint(const SessionId& id, Fingerprint fresh,
                                          HashChange step) = 0;
  /// Removes what was revoked or expired more than a day ago, unless another host is doing so.
  virtual Result<void> purge() = 0;
  /// Raises the user's epoch to `least` if it is lower. Gives whether it was: the store had then
  /// forgotten revocations.
  virtual Result<bool> raise_user_epoch(const user::UserId& id, Epoch least) = 0;
  /// Raises the site's epoch likewise.
  virtual Result<bool> raise_site_epoch(Epoch least) = 0;
  /// Whether a login and a revocation could be written now. Leaves nothing behind.
  virtual Result<void> probe() = 0;
  /// Asks whether sessions that are made with these keys belong into this store, and notes that the
  /// keys are in use for kKeyUse from now on; a running host calls it again well within that time.
  /// `key_marks` are the public names of the keys, the signing key's first. `refused` if hosts with
  /// another key run, or if sessions of other keys live: each host would refuse the other's tokens.
  virtual Result<void> claim(std::span<const std::string> key_marks) = 0;
};

/// Proves that logins and logouts can be written: writes a row as a login does and removes it as
/// the purge does, in one transaction, so that nobody ever sees it. mysql::Pool
/// asks for it when it chooses a server. It fails where those would
/// fail: the server is read-only or locked, its disk is full, its cluster has no quorum.
Result<void> prove_writable(mysql::Connection& connection);

}  // namespace gatehouse::session
