/// How loudly the outcome of a password check is logged.
#pragma once

#include "base/log.h"
#include "user/authenticator.h"

namespace gatehouse::handlers {

/// Alike for a login and for the password that a change asks for: whoever sits at somebody else's
/// browser guesses at both.
[[nodiscard]] inline spdlog::level::level_enum level_of(user::LoginOutcome outcome) noexcept {
  if (outcome == user::LoginOutcome::accepted) return spdlog::level::info;
  return outcome == user::LoginOutcome::unavailable ? spdlog::level::err : spdlog::level::warn;
}

}  // namespace gatehouse::handlers
