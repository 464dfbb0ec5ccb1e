#include "user/authenticator.h"

#include <utility>

#include "base/log.h"
#include "password/rehash.h"
#include "password/scheme.h"

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

void log_unusable(const User& user, password::Verdict verdict) {
  const auto rows = password::readings(user.password.view());
  const std::string name = rows.empty() ? "no scheme" : password::names_of(rows);
  if (verdict == password::Verdict::weak_refused) {
    spdlog::warn("user id {} waits for password.allow_weak to name {}", log::quoted(user.id), name);
  } else {
    spdlog::warn("the hash of user id {} ({}) cannot be used: {}", log::quoted(user.id), name,
                 password::to_string(verdict));
  }
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

Authenticator::Authenticator(UserDirectory& directory, const password::Verifier& verifier,
                             password::Transform transform)
    : directory_(directory), verifier_(verifier), transform_(transform) {}

Login Authenticator::check(const Username& name, const Secret& password) {
  const auto begin = std::chrono::steady_clock::now();
  Login login = judge(name, password::transformed(password, transform_));
  if (login.outcome != LoginOutcome::accepted && login.outcome != LoginOutcome::unavailable) {
    const auto tick = verifier_.tick(password);
    const auto taken = std::chrono::steady_clock::now() - begin;
    login.answer_at = begin + (taken / tick + 1) * tick;
  }
  return login;
}

Login Authenticator::judge(const Username& name, const Secret& password) {
  auto found = directory_.find(name);
  if (!found) return {LoginOutcome::unavailable, std::nullopt, std::nullopt};
  if (!*found) {
    verifier_.spend(password);
    return {LoginOutcome::unknown_user, std::nullopt, std::nullopt};
  }
  User& user = **found;
  const password::Verdict verdict = verifier_.verify(password, user.password.view());
  const LoginOutcome outcome = outcome_of(verdict);
  if (outcome == LoginOutcome::unreadable_hash) log_unusable(user, verdict);
  return {outcome, std::move(user), std::nullopt};
}

void Authenticator::strengthen(const User& user, const Secret& password) {
  if (!directory_.writes()) return;
  const Secret typed = password::transformed(password, transform_);
  auto upgraded = password::upgraded_hash(typed, user.password.view(), verifier_.policy());
  if (!upgraded) return;
  const Secret hash(std::move(*upgraded));
  const auto replaced = directory_.replace_hash(user.id, user.password, hash);
  if (!replaced) {
    spdlog::error("the hash of user id {} stays as weak as it is: {}", log::quoted(user.id),
                  replaced.error().what);
  } else if (*replaced) {
    spdlog::info("the hash of user id {} is as strong as the policy asks for now",
                 log::quoted(user.id));
    verifier_.note(hash.view());
  }
}

}  // namespace gatehouse::user
