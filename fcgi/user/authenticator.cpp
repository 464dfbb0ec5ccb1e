#include "user/authenticator.h"

#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

LoginOutcome outcome_of(password::Verdict verdict) noexcept {
  switch (verdict) {
    case password::Verdict::match:
      return LoginOutcome::accepted;
    case password::Verdict::mismatch:
      return LoginOutcome::wrong_password;
    case password::Verdict::unknown_scheme:
    case password::Verdict::malformed:
    case password::Verdict::too_costly:
    case password::Verdict::weak_refused:
      return LoginOutcome::unreadable_hash;
  }
  return LoginOutcome::unreadable_hash;
}

}  // namespace

std::string_view to_string(LoginOutcome outcome) noexcept {
  switch (outcome) {
    case LoginOutcome::accepted:
      return "accepted";
    case LoginOutcome::unknown_user:
      return "unknown user";
    case LoginOutcome::wrong_password:
      return "wrong password";
    case LoginOutcome::unreadable_hash:
      return "unreadable hash";
    case LoginOutcome::unavailable:
      return "unavailable";
  }
  return "";
}

Authenticator::Authenticator(UserDirectory& directory, const password::Verifier& verifier)
    : directory_(directory), verifier_(verifier) {}

Login Authenticator::check(const Username& name, const Secret& password) {
  auto found = directory_.find(name);
  if (!found) return {LoginOutcome::unavailable, std::nullopt};
  if (!*found) {
    verifier_.spend(password);
    return {LoginOutcome::unknown_user, std::nullopt};
  }
  User& user = **found;
  const password::Verdict verdict = verifier_.verify(password, user.password.view());
  const LoginOutcome outcome = outcome_of(verdict);
  if (outcome == LoginOutcome::unreadable_hash) {
    spdlog::warn("the hash of user id {} cannot be used: {}", log::quoted(user.id),
                 password::to_string(verdict));
  }
  return {outcome, std::move(user)};
}

}  // namespace gatehouse::user
