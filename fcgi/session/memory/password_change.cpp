#include "session/memory/password_change.h"

#include "session/memory/session_cache.h"

namespace gatehouse::session {

Result<void> PasswordChange::before_change(const user::User& user, const Secret& hash) {
  return cache_.before_password_change(kept_, user, hash);
}

void PasswordChange::after_change(const user::User& user, const Secret& hash) {
  cache_.after_password_change(kept_, user, hash);
}

}  // namespace gatehouse::session
