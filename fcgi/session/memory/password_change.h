/// A user's own change of their password: of all their sessions only one goes on.
#pragma once

#include "session/memory/session_cache.h"

namespace gatehouse::session {

/// Every other session shows the old password from then on, and so is over wherever it comes:
/// that does not wait for its ending to be noted. For one change; `cache` must outlive it.
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
