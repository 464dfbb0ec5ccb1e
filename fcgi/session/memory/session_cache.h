/// The map and the store under it as one: what the map does not know, the store is asked for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/guarded.h"
#include "base/monitor.h"
#include "base/repeated.h"
#include "session/keys/fingerprint.h"
#include "session/memory/memory.h"
#include "session/memory/session_map.h"
#include "session/store/session_store.h"
#include "user/authenticator.h"
#include "user/user_directory.h"

namespace gatehouse::session {

/// Finds, begins and revokes sessions in map and store together, and keeps what the process knows
/// of their users up to date. Thread-safe.
class SessionCache final : public user::HashObserver {
 public:
  struct Limits {
    std::size_t max_per_user;
    /// A session is not used for longer than this without a new look at its user's row, while the
    /// database answers.
    std::chrono::seconds user_max_age{30};
    /// A lookup in the store that took longer is thrown away: a tombstone that was set meanwhile
    /// may be removed by now (SessionMap::Limits).
    std::chrono::seconds lookup{30};
  };

  /// All that is referred to must outlive this object, but for `keys`.
  SessionCache(const Clock& clock, Limits limits, const KeyRing& keys, Memory& memory,
               SessionStore& store, user::UserDirectory& users);

  /// Looks a session up in memory. Never waits.
  [[nodiscard]] Lookup find(const SessionId& id);
  /// Looks a session up, in the store and the tables of users where memory cannot tell. Never gives
  /// `ask_store`. Lookups of one id are single-flight: while one is under way, the others wait for
  /// its answer.
  [[nodiscard]] Lookup load(const SessionId& id);
  /// Looks the session's user up unless that was done in this process. False if that is impossible
  /// now.
  [[nodiscard]] bool know(const SessionUserPtr& user);

  /// Begins a session. `unavailable` if the store fails (nothing has begun then), and if the store
  /// has forgotten revocations that this process knows of: it is told of them (teach_epochs), and
  /// the next login succeeds.
  Result<void> begin(const SessionId& id, const user::User& user, const user::Roles& roles,
                     Kind kind, const Origin& origin);
  /// Revokes a session. It is refused here at once. `unavailable` if the store could not be told;
  /// retry_revocations() tells it again.
  Result<void> revoke(const SessionId& id);
  /// Tells the store of the revocations that it could not be told of. True if none is left.
  bool retry_revocations();

  /// Raises the epochs in the store to those that are known here, if the store `said` lower ones.
  /// It has then forgotten revocations: a backup was restored, or a replica was promoted that had
  /// not received them. Without this every login would be answered 200 and refused at the next
  /// request, and revoked sessions would live again.
  Result<void> teach_epochs(const user::UserId& id, Epochs said);
  Result<void> teach_site_epoch(Epoch said);

  /// Looks the user up, by the name that was typed at the login. While the database cannot be
  /// asked, what is known holds. If it answers with an error about the query or its rows, the
  /// user's sessions are `unavailable` and not revoked; a lookup of theirs tries again once a
  /// second.
  void check(const SessionUserPtr& user);
  /// Does the same for many users with fewer queries.
  void check(std::span<const SessionUserPtr> users);
  /// Asks the table of users for the names of the last 100 sessions, so that their directory learns
  /// how many rows a name has (UserDirectory::most_rows). Stops when `go_on` says false.
  void ask_for_names(const std::function<bool()>& go_on);

  /// The fingerprint of that hash in the user's row.
  [[nodiscard]] Fingerprint fingerprint_of(const user::User& user, const Secret& hash) const {
    return fingerprints_.of(user.id, hash.view());
  }

  /// Takes out of the user's sessions, as the store has them, those that are refused (is_refused).
  /// While the table of users cannot be asked, all stay.
  void remove_refused(const SessionUser& user, std::vector<ListedSession>& sessions) const;

  /// Called around a rehash of the same password: all sessions of the user go on.
  Result<void> before_change(const user::User& user, const Secret& hash) override;
  void after_change(const user::User& user, const Secret& hash) override;

  /// Called around a change of the password that is made from the session `kept`: only that one
  /// goes on.
  Result<void> before_password_change(const SessionId& kept, const user::User& user,
                                      const Secret& hash);
  void after_password_change(const SessionId& kept, const user::User& user, const Secret& hash);

 private:
  /// A lookup in the store that is under way.
  struct Flight {
    std::optional<Lookup> answer;
  };
  using Flights = std::unordered_map<SessionId, std::shared_ptr<Flight>, SessionId::Hash>;
  /// Whether the user may still have a session.
  enum class Verdict { good, to_revoke, unavailable };

  void judge_by_user(Lookup& found) const;

  Lookup fetch_in_one_flight(const SessionId& id);
  Lookup fetch_guarded(const SessionId& id) noexcept;
  Lookup fetch_current(const SessionId& id);
  Lookup fetch(const SessionId& id);
  Lookup take_in(const StoredSession& stored, const SessionUserPtr& user, TimePoint asked);
  void learn(SessionUser& user, const Result<user::Standing>& standing);
  [[nodiscard]] const user::User* row_of(const StoredSession& stored,
                                         const user::Matches& found) const;
  [[nodiscard]] const user::User* row_of(const SessionUser& user, const user::Matches& found) const;
  Verdict judge(StoredSession& stored, const SessionUserPtr& user);
  static Verdict to_revoke(const StoredSession& stored, std::string_view reason);
  Result<void> refuse_if_revoked(const SessionId& id, const user::UserId& user, Epochs epochs);
  void put_in_use(const SessionId& id, const user::User& user, const user::Roles& roles, Kind kind,
                  Epochs epochs);
  Result<void> revoke_over_limit(const user::UserId& id);
  Result<void> revoke(std::span<const SessionId> ids);
  Lookup revoke_for_good(const SessionId& id);
  void log_taught(const char* whose);
  std::vector<SessionUserPtr> note_rehash(const user::User& user, Fingerprint fresh);

  const Clock& clock_;
  const Limits limits_;
  SessionMap& map_;
  SessionStore& store_;
  user::UserDirectory& users_;
  user::RoleSets& roles_;
  Fingerprints fingerprints_;
  Guarded<std::unordered_set<SessionId, SessionId::Hash>>& unwritten_;  ///< see Memory
  Repeated forgotten_;
  Monitor<Flights> flights_;
};

}  // namespace gatehouse::session
