/// Checks a login: name and password in, an outcome out.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "guard/login_guard.h"
#include "password/verifier.h"
#include "user/user_directory.h"

namespace gatehouse::user {

/// The outcomes are kept apart for the log. A client cannot tell `unknown_user` to `closed_row`
/// apart, neither in words nor in time.
enum class LoginOutcome {
  accepted,
  unknown_user,
  wrong_password,
  unreadable_hash,
  ambiguous,  ///< the password is that of several rows, or the name has more than are tried
  disabled,
  closed_row,  ///< too many strangers have guessed at the only row, which was not looked at
  throttled,   ///< no password was looked at: another guess must wait
  unavailable,
};
[[nodiscard]] std::string_view to_string(LoginOutcome outcome) noexcept;

struct Login {
  LoginOutcome outcome;
  std::optional<User>
      user{};     ///< the row to log in if accepted; else the only one, if there is one
  Roles roles{};  ///< of the user, if accepted
  /// When a failed or throttled login is to be answered. Answered earlier, its time would tell why.
  std::optional<std::chrono::steady_clock::time_point> answer_at{};
  /// See http::Response::not_yet.
  std::function<std::optional<std::chrono::steady_clock::time_point>()> not_yet{};
  std::chrono::seconds retry_after{0};  ///< if throttled
  /// Whether this failure has closed the name, or one of its rows, to strangers. The name is that
  /// of a row then.
  bool closes = false;
};

/// Is told when we change a user's password column ourselves. Without it the user's sessions would
/// be revoked, as after a change by the site's own application.
class HashObserver {
 public:
  virtual ~HashObserver() = default;
  /// `hash` is about to take the place of the one in `user`. An error keeps it from that.
  virtual Result<void> before_change(const User& user, const Secret& hash) = 0;
  /// `hash` has taken its place.
  virtual void after_change(const User& user, const Secret& hash) = 0;
};

/// Says whether a password is that of a user, and writes new hashes where the site lets us. It is
/// slow on purpose, and so for the login lane only. Thread-safe.
class Authenticator {
 public:
  Authenticator(UserDirectory& directory, const password::Verifier& verifier,
                HashObserver& observer, guard::LoginGuard& guard);
  /// The one way to a password check: it asks the guard first whether another guess may be made.
  /// The name may find several rows: the login is that of the one whose password matches. With
  /// `only`, the row with that id alone is tried: for a user who is logged in.
  [[nodiscard]] Login check(const Username& name, const Secret& password, const guard::Asker& asker,
                            const std::optional<UserId>& only = std::nullopt);

  /// Rewrites the row if its hash is weaker than the policy and the site lets us write, and says
  /// whether it has. It is called after a login with `password` was accepted and answered. A
  /// failure is logged.
  bool strengthen(const User& user, const Secret& password);

  /// Whether passwords can be changed: the site lets us write.
  [[nodiscard]] bool changes_passwords() const noexcept { return directory_.writes(); }
  /// Gives the user, whose `current` password was just accepted, a new one, in the scheme that the
  /// row has (or password.write says). `refused` where that scheme cannot hold it, or is one that
  /// we do not write; `invalid` where somebody else has changed it meanwhile; else as
  /// UserDirectory. `observer` is told in place of the one that is told of new hashes of the same
  /// password.
  Result<void> change_password(const User& user, const Secret& current, const Secret& fresh,
                               HashObserver& observer);

 private:
  /// The rows that a login may be one of.
  struct Candidates {
    std::vector<User> rows;
    bool too_many = false;  ///< the name has more rows than are read
    bool others = false;    ///< the name finds rows besides the one that is asked for
  };
  [[nodiscard]] Result<Candidates> candidates(const Username& name,
                                              const std::optional<UserId>& only);
  [[nodiscard]] Login judge(Candidates found, const Secret& typed,
                            password::Verifier::Attempt& attempt, guard::Permit permit);
  [[nodiscard]] Login judge_rows(std::vector<User> rows, const Secret& typed,
                                 password::Verifier::Attempt& attempt, guard::Permit& permit);
  [[nodiscard]] Login admit(User user);
  Result<bool> replace(const User& user, const Secret& hash, HashObserver& observer);
  Result<bool> try_change(const User& user, const Secret& current, const Secret& fresh,
                          HashObserver& observer);
  [[nodiscard]] Secret as_hashed(const User& user, const Secret& password) const;
  Result<bool> holds(const User& user, const Secret& hash);
  void follow(const User& user, const Secret& password);
  Result<std::optional<User>> rehashed_row(const User& user, const Secret& password);
  Result<std::optional<User>> row_of(const User& user);

  UserDirectory& directory_;
  const password::Verifier& verifier_;
  HashObserver& observer_;
  guard::LoginGuard& guard_;
};

}  // namespace gatehouse::user
