/// What the endpoints do with sessions: login, look-up and logout by tokens, and a user's list.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"
#include "session/keys/handle.h"
#include "session/keys/key_ring.h"
#include "session/keys/token.h"
#include "session/memory/password_change.h"
#include "session/memory/session_cache.h"

namespace gatehouse::session {

[[nodiscard]] Lifetimes lifetimes_of(const config::Session& settings);
/// How often last uses are to be written: a tenth of the idle time, 1 to 5 s.
[[nodiscard]] std::chrono::seconds write_interval_of(const config::Session& settings);

/// Whether the process knows what was ended elsewhere. Thread-safe.
class Freshness {
 public:
  /// Without a limit nothing is ever stale: one host alone ends its sessions itself.
  Freshness(const Clock& clock, std::optional<std::chrono::seconds> limit)
      : clock_(clock), limit_(limit), known_(clock.now()) {}
  /// Everything that was ended before `time` is known.
  void note(TimePoint time) noexcept { known_ = time; }
  [[nodiscard]] bool stale() const noexcept {
    return limit_ && clock_.now() - known_.load() > *limit_;
  }

 private:
  const Clock& clock_;
  const std::optional<std::chrono::seconds> limit_;
  std::atomic<TimePoint> known_;
};

/// Whether a request may wait for the database.
enum class Patience { none, some };

/// Thread-safe. `candidates` are the tokens that a request brought: any bytes.
class Sessions {
 public:
  using Candidates = std::span<const std::string_view>;

  Sessions(const config::Session& settings, const KeyRing& keys, SessionCache& cache,
           const Freshness& freshness);

  /// Begins a session and ends those that the browser brought: a token planted before the login
  /// is worth nothing after it. Gives the new token; `unavailable` if the store fails (nothing has
  /// begun then).
  Result<Secret> start(const user::User& user, const user::Roles& roles, Kind kind,
                       const Origin& origin, Candidates candidates);

  /// The one live session among the candidates, used now. Two different live ones contradict each
  /// other: none. Without patience it never waits, and may say `ask`; with it, never. `unavailable`
  /// as well while it is not known what was ended on other hosts.
  [[nodiscard]] Lookup find(Candidates candidates, Patience patience);
  /// The same, with what the table of users says of its user.
  [[nodiscard]] Lookup find_known(Candidates candidates, Patience patience);

  /// How long ago its user typed their password; the longest time there is where that is not
  /// known.
  [[nodiscard]] BootTime::duration since_login(const Session& session) const noexcept {
    if (!session.login_time_known) return BootTime::duration::max();
    return cache_.clock().now() - session.created;
  }

  /// Ends every genuine candidate, known here or not. `unavailable` if the store could not note
  /// it; here they are refused all the same, and the store is told until it notes it.
  Result<void> revoke(Candidates candidates);

  struct Listed {
    std::string handle;
    Kind kind;
    microseconds since_login;
    microseconds since_use;
    Origin origin;
    bool current;
  };
  /// The live sessions of its user, the last used first.
  Result<std::vector<Listed>> list(const Session& current);
  /// Ends the one of that handle, if it is its user's; else false.
  Result<bool> revoke_one(const Session& current, std::string_view handle);
  /// For a change of the password that is made from `current`: no other goes on under the new one.
  [[nodiscard]] PasswordChange password_change(const Session& current) const {
    return {cache_, current.id};
  }
  /// Ends all others of its user; false if `current` itself has ended.
  Result<bool> revoke_others(const Session& current);

  [[nodiscard]] std::chrono::seconds persistent_lifetime() const noexcept {
    return persistent_lifetime_;
  }
  [[nodiscard]] std::size_t count() const { return cache_.map().size(); }

 private:
  SessionCache& cache_;
  const Freshness& freshness_;
  const std::chrono::seconds persistent_lifetime_;
  TokenMint mint_;
  HandleMaker handles_;
};

}  // namespace gatehouse::session
