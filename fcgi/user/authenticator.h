/// Name and password in, an outcome out.
#pragma once

#include <chrono>
#include <optional>

#include "password/transform.h"
#include "password/verifier.h"
#include "user/user_directory.h"

namespace gatehouse::user {

/// Kept apart for the log; `unknown_user` to `unreadable_hash` are one to the client, in words and
/// in time.
enum class LoginOutcome { accepted, unknown_user, wrong_password, unreadable_hash, unavailable };
[[nodiscard]] std::string_view to_string(LoginOutcome outcome) noexcept;

struct Login {
  LoginOutcome outcome;
  std::optional<User> user;  ///< the row, where there is one; the one to log in if accepted
  /// Of a failed one: when it is to be answered, so that its time does not tell the reason.
  std::optional<std::chrono::steady_clock::time_point> answer_at;
};

/// Thread-safe. Slow on purpose: for the login lane only.
class Authenticator {
 public:
  Authenticator(UserDirectory& directory, const password::Verifier& verifier,
                password::Transform transform = password::Transform::none);
  [[nodiscard]] Login check(const Username& name, const Secret& password);

  /// After a login with `password` was accepted and answered: rewrites the row if its hash is
  /// weaker than the policy and the site lets us write. A failure is logged.
  void strengthen(const User& user, const Secret& password);

 private:
  [[nodiscard]] Login judge(const Username& name, const Secret& password);

  UserDirectory& directory_;
  const password::Verifier& verifier_;
  const password::Transform transform_;
};

}  // namespace gatehouse::user
