/// The door to session/: what handlers and verbs do with sessions. README.md tells how it works.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/guarded.h"
#include "base/secret.h"
#include "config/settings.h"
#include "guard/acquaintances.h"
#include "guard/failure_table.h"
#include "session/events/login_event.h"
#include "session/keys/handle.h"
#include "session/keys/key_ring.h"
#include "session/keys/token.h"
#include "session/memory/password_change.h"
#include "session/session.h"
#include "session/store/administration.h"
#include "session/store/refused.h"
#include "session/store/session_store.h"
#include "user/authenticator.h"
#include "user/user_directory.h"

namespace gatehouse::mysql {
class Connection;
class Pool;
}  // namespace gatehouse::mysql

namespace gatehouse::session {

struct Memory;
struct Parts;

/// What the event of a login tells of its request, besides its origin.
struct LoginRequest {
  std::string id{};                         ///< nginx's $request_id
  std::optional<guard::DeviceId> device{};  ///< that the browser has shown, as the user has it
};

/// The sessions of this process: begun by a login, found by their tokens, revoked, listed. It owns
/// the map, the store and the threads that keep the two in agreement. `candidates` are the tokens
/// that a request brought: any bytes. Thread-safe.
class Sessions {
 public:
  using Candidates = std::span<const std::string_view>;

  /// Makes the store that session.store names, in memory or in `tables`, and starts the threads;
  /// throws std::system_error if the system gives none. If the store refuses the keys, at the start
  /// or later, `on_keys_refused` is called once with the reason, by a thread of this object.
  /// `tables` and `users` must outlive it. Destroying it stops the threads and writes what is not
  /// written yet, for at most two seconds and two calls of the store.
  /// After a reload that leaves the session tables in their place, `memory` is that of the Sessions
  /// before, which may still be at work; else null.
  Sessions(const config::Settings& settings, const KeyRing& keys, mysql::Pool& tables,
           user::UserDirectory& users, std::function<void(const std::string&)> on_keys_refused,
           std::shared_ptr<Memory> memory = nullptr);
  /// Works over `parts`, which must outlive it, without threads. Tests use it.
  Sessions(const config::Session& settings, const KeyRing& keys, Parts& parts);
  Sessions(const Sessions&) = delete;
  Sessions(Sessions&&) = delete;
  Sessions& operator=(const Sessions&) = delete;
  Sessions& operator=(Sessions&&) = delete;
  ~Sessions();

  /// Makes a device known to the user of a genuine link, once (SessionStore::use_link).
  Result<bool> use_link(const guard::DeviceLink& link, const guard::DeviceId& device);

  /// Begins a session and gives its token; then revokes the candidates, which the browser brought
  /// to the login. A moment later the place of the login is known to the user (PlaceWriter) and its
  /// event is kept. `unavailable` if the store does not take the session.
  Result<Secret> start(const user::User& user, const user::Roles& roles, Kind kind,
                       const Origin& origin, Candidates candidates,
                       const LoginRequest& request = {});

  /// Keeps an event for its account, if it is of a kind that is kept. That of a login start() has
  /// kept. It never waits.
  void keep(const log::Event& event);
  /// The latest events of the session's user, the last first: at most `most` that succeeded and as
  /// many that failed; none where none are kept. Errors as SessionStore.
  [[nodiscard]] Result<std::vector<ListedEvent>> events(const Session& current, std::size_t most);

  /// The one live session among the candidates, which is used by this. Two live ones contradict
  /// each other: `none`. Without patience it never waits and may give `ask_store`; with patience it
  /// never gives that. `unavailable` also while revocations on other hosts are not known.
  [[nodiscard]] Lookup find(Candidates candidates, Patience patience);
  /// Does the same, and makes sure that what the tables of users say of the user is known.
  [[nodiscard]] Lookup find_known(Candidates candidates, Patience patience);

  /// The handle by which lists and the log name the session.
  [[nodiscard]] std::string handle_of(const Session& session) const;
  /// That of a token which start() has given; empty for any other text.
  [[nodiscard]] std::string handle_of(std::string_view token) const;

  /// How long ago the session's user typed their password; the longest time there is if that is not
  /// known.
  [[nodiscard]] BootTime::duration since_login(const Session& session) const noexcept;

  /// Revokes every genuine candidate, whether it is known here or not. `unavailable` if the store
  /// could not be told: they are refused here at once all the same, and the store is told again
  /// until it knows.
  Result<void> revoke(Candidates candidates);

  struct Listed {
    std::string handle;
    Kind kind;
    microseconds since_login;
    microseconds since_use;
    Origin origin;
    bool current;
  };
  /// The live sessions of the session's user that are not refused: the current one, then the last
  /// used first.
  Result<std::vector<Listed>> list(const Session& current);
  /// Revokes the session of that handle. False if the user has none.
  Result<bool> revoke_one(const Session& current, std::string_view handle);
  /// Revokes all other sessions of the user. False if `current` itself is revoked.
  Result<bool> revoke_others(const Session& current);

  /// Is told of a change of the password that is made from `current`: only that session goes on.
  [[nodiscard]] PasswordChange password_change(const Session& current) const;
  /// Is told of a rehash of the same password: all sessions of the user go on.
  [[nodiscard]] user::HashObserver& rehash_observer() const noexcept;

  /// Says from where users have logged in.
  [[nodiscard]] guard::Acquaintances& acquaintances() const noexcept;

  [[nodiscard]] std::chrono::seconds persistent_lifetime() const noexcept {
    return persistent_lifetime_;
  }
  [[nodiscard]] std::size_t count() const;

  /// Whether the keys are claimed in the store. Until then a token that is made here may be refused
  /// on the other hosts. Without threads it is true.
  [[nodiscard]] bool keys_claimed() const noexcept;
  /// Returns when the keys were claimed or refused, or when the store did not answer.
  void wait_for_first_claim();
  /// What this knows of sessions, for the Sessions after a reload.
  [[nodiscard]] std::shared_ptr<Memory> memory() const noexcept;
  /// Goes by the lifetimes and the capacity of these settings: for the Sessions that a reload has
  /// put in the place of another, since both share one map.
  void take_over(const config::Session& settings);
  /// Whether the store refused the keys.
  [[nodiscard]] bool keys_refused() const noexcept;
  /// Whether a login and a logout would work now (Readiness::ask). Without threads it is true.
  [[nodiscard]] std::optional<bool> ready(Patience patience);

 private:
  struct Service;
  Sessions(const config::Session& settings, const KeyRing& keys, std::unique_ptr<Service> service);
  void note_login(const SessionId& id, const user::User& user, const Origin& origin,
                  const LoginRequest& request);

  const std::unique_ptr<Service> service_;  ///< store, parts and threads; null in tests
  Parts& parts_;
  const std::chrono::seconds persistent_lifetime_;
  TokenMint mint_;
  HandleMaker handles_;
};

/// Keeps the counts of failed logins in the tables, together with all hosts, from a thread of its
/// own. Destroying it writes what is not written yet.
class KeptFailures {
 public:
  virtual ~KeptFailures() = default;
  /// Returns when the counts from before are read back, or after two seconds.
  virtual void wait_for_read_back() = 0;
};
/// All that is passed must outlive what this gives.
[[nodiscard]] std::unique_ptr<KeptFailures> keep_failures(mysql::Pool& tables,
                                                          Guarded<guard::FailureTable>& counts,
                                                          const Clock& clock);

/// What of the latest logins points to trouble, for `gatehouse check`.
struct LoginTroubles {
  /// The private address that more than half of the last 1,000 logins came from, of at least 50.
  std::optional<std::string> proxy;
  /// The failures that a host has counted within ten minutes while somebody sprayed; else 0.
  std::uint32_t sprayed = 0;
};
/// Errors as SessionStore.
[[nodiscard]] Result<LoginTroubles> login_troubles(mysql::Pool& tables, const KeyRing& keys);

/// Proves that failed logins and the places of logins can be kept, and leaves nothing behind. Its
/// error says what to run where a table or a right is missing.
[[nodiscard]] Result<void> prove_guard_tables(mysql::Pool& tables);

/// Proves that the events of accounts can be kept, and leaves nothing behind. Its error says what
/// to run where the table or a right is missing.
[[nodiscard]] Result<void> prove_event_table(mysql::Pool& tables);

/// The events to read: of these users, or of all if there are none; those whose rows were written
/// within `since`, or all. What happened before and was written late is among them, so that who
/// reads again and again misses nothing.
struct EventQuery {
  std::vector<user::UserId> users{};
  std::optional<microseconds> since{};
};
/// Hands over the events in the order in which they were written, until `event` says false. If the
/// connection breaks, all of it is repeated, and `begin` is called again. Errors as
/// prove_event_table().
[[nodiscard]] Result<void> for_each_event(mysql::Pool& tables, const EventQuery& query,
                                          const std::function<void()>& begin,
                                          const std::function<bool(ListedEvent&&)>& event);

/// Keeps a link for the user of this row (SessionStore::keep_link). Its error says what to run
/// where a table or a right is missing.
[[nodiscard]] Result<void> keep_link(SessionStore& tables, const KeyRing& keys,
                                     const guard::DeviceLink& link, const user::User& row);

/// Takes back all failures of these counts; every host learns of it within a second. Errors as
/// SessionStore.
[[nodiscard]] Result<void> clear_failures(mysql::Pool& tables,
                                          std::span<const guard::FailureKey> keys);

/// The most failures that any of these counts has. Errors as SessionStore.
[[nodiscard]] Result<std::uint64_t> most_failures(mysql::Pool& tables,
                                                  std::span<const guard::FailureKey> keys);

/// The session tables alone, for the verbs of administrators. `tables` must outlive it.
[[nodiscard]] std::unique_ptr<SessionStore> open_session_tables(
    const config::Session& settings, mysql::Pool& tables,
    std::chrono::seconds known_for = config::Guard{}.known_for);
/// Whether a host may sign by the key of this mark: a running host has said that it accepts the
/// key; or, where none runs, the tables know it from before, or know none at all. A host that signs
/// by another key is refused while sessions live (SessionStore::claim). Errors as SessionStore.
[[nodiscard]] Result<bool> may_sign(mysql::Pool& tables, const std::string& mark);
/// About how many sessions the tables have, live or not, as the server estimates it; nothing if it
/// does not say. It takes no longer for many sessions.
[[nodiscard]] std::optional<std::uint64_t> estimate_sessions(mysql::Pool& tables);

}  // namespace gatehouse::session
