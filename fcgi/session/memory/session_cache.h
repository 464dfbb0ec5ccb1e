/// The map and the store under it as one: what is not here is asked for there.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/guarded.h"
#include "base/repeated.h"
#include "session/keys/fingerprint.h"
#include "session/memory/session_map.h"
#include "session/store/session_store.h"
#include "user/authenticator.h"
#include "user/user_directory.h"

namespace gatehouse::session {

struct Lookup {
  enum class State {
    live,
    none,         ///< or over, or ended
    ask,          ///< not known well enough here: the database must be asked, which takes its time
    unavailable,  ///< the database does not answer, or not with what it was asked for
  };
  State state = State::none;
  std::optional<Session> session{};  ///< a live one; or one that is live but for its user
};

/// Thread-safe.
class SessionCache final : public user::HashObserver {
 public:
  struct Limits {
    SessionMap::Limits map;
    std::size_t max_per_user;
    /// What is known of a user is never used for longer, while the database answers.
    std::chrono::seconds user_max_age{30};
    /// What took longer to look up is not believed: the memory of endings may have lost it.
    std::chrono::seconds look_up{30};
  };

  SessionCache(const Clock& clock, Limits limits, const KeyRing& keys, SessionStore& store,
               user::UserDirectory& users);

  /// From memory; never waits.
  [[nodiscard]] Lookup find(const SessionId& id);
  /// Asks the store and the table of users, where needed. One look-up of an id at a time: others
  /// wait for its answer.
  [[nodiscard]] Lookup load(const SessionId& id);
  /// Looks the session's user up, if that was not done in this process. False if they could not
  /// be.
  [[nodiscard]] bool know(const SessionUserPtr& user);

  /// Begins a session; `unavailable` if the store fails (nothing has begun then), and where the
  /// store knows fewer revocations than this process does (see teach_epochs): the next login is
  /// good.
  Result<void> begin(const SessionId& id, const user::User& user, const user::Roles& roles,
                     Kind kind, const Origin& origin);
  /// Ends it here at once. `unavailable` if the store could not note it; it is told again until it
  /// does.
  Result<void> revoke(const SessionId& id);
  /// Tells the store what it could not note. False if it still could not note all.
  bool retry_revocations();

  /// Tells the store which epochs are known here, if it says lower ones. Its tables are then from
  /// before those revocations: a backup was restored, or a replica was promoted that had not
  /// received them. Without this the map refuses every session that such a store begins, and the
  /// store lets live again what was revoked.
  Result<void> teach_epochs(const user::UserId& id, Epochs said);

  /// Looks the user up, by the name that was typed at the login, and brings what the process knows
  /// of them up to date. Where the database cannot be asked, what is known holds. Where it answers
  /// that the query is wrong, or gives what cannot be read, their sessions are `unavailable` while
  /// that lasts (it is tried again once a second when they come), and none is revoked.
  void check(const SessionUserPtr& user);
  /// Does the same for many users, with fewer questions to MySQL.
  void check(std::span<const SessionUserPtr> users);
  /// Asks the table of users for the names of the last 100 sessions. Nothing comes of it here.
  void ask_for_names(const std::function<bool()>& go_on);

  /// What sessions of the user show under that hash.
  [[nodiscard]] Fingerprint fingerprint_of(const user::User& user, const Secret& hash) const {
    return fingerprints_.of(user.id, hash.view());
  }

  /// For a new hash of the same password: all sessions of the user go on.
  Result<void> before_change(const user::User& user, const Secret& hash) override;
  void after_change(const user::User& user, const Secret& hash) override;

  [[nodiscard]] SessionMap& map() noexcept { return map_; }
  [[nodiscard]] SessionStore& store() noexcept { return store_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }

 private:
  struct Flight {
    std::optional<Lookup> answer;
  };
  enum class Verdict { good, over, unavailable };

  [[nodiscard]] Lookup judged_by_user(Lookup found) const;

  Lookup fetch_current(const SessionId& id);
  Lookup fetch(const SessionId& id);
  void look_up(SessionUser& user, const Result<user::Standing>& standing);
  [[nodiscard]] const user::User* row_of(const StoredSession& stored,
                                         const user::Matches& found) const;
  [[nodiscard]] const user::User* row_of(const SessionUser& user, const user::Matches& found) const;
  Verdict judge(StoredSession& stored, const SessionUserPtr& user);
  [[nodiscard]] bool shows(const StoredSession& stored, const user::User& user) const;
  Result<void> bound(const user::UserId& id);
  Lookup revoke_for_good(const SessionId& id);
  std::vector<SessionUserPtr> note_rehash(const user::User& user, Fingerprint fresh);

  const Clock& clock_;
  const Limits limits_;
  SessionStore& store_;
  user::UserDirectory& users_;
  user::RoleSets roles_;
  Fingerprints fingerprints_;
  SessionMap map_;
  Guarded<std::unordered_set<SessionId>> unwritten_;
  Repeated forgotten_;
  std::mutex flights_mutex_;
  std::condition_variable landed_;
  std::unordered_map<SessionId, std::shared_ptr<Flight>> flights_;  // under flights_mutex_
};

}  // namespace gatehouse::session
