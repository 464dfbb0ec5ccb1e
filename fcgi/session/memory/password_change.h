/// A user's own change of their password: only the session that made it goes on.
#pragma once

#include "session/keys/token.h"
#include "user/authenticator.h"

namespace gatehouse::session {

class SessionCache;

/// Moves the fingerprint of one session from the old hash to the new one. All others show the old
/// password from then on, so that they are refused wherever they come, even before their revocation
/// is known there. For one change; `cache` must outlive it.
class PasswordChange final : public user::HashObserver {
 public:
  PasswordChange(SessionCache& cache, const SessionId& kept) : cache_(cache), kept_(kept) {}

  Result<void> before_change(const user::User& user, const Secret& hash) override;
  void after_change(const user::User& user, const Secret& hash) override;

 private:
  SessionCache& cache_;
  const SessionId kept_;
};

}  // namespace gatehouse::session
