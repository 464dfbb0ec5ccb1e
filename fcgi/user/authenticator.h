/// Name and password in, an outcome out.
#pragma once

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
};

/// Thread-safe. Slow on purpose: for the login lane only.
class Authenticator {
 public:
  Authenticator(UserDirectory& directory, const password::Verifier& verifier);
  [[nodiscard]] Login check(const Username& name, const Secret& password);

 private:
  UserDirectory& directory_;
  const password::Verifier& verifier_;
};

}  // namespace gatehouse::user
