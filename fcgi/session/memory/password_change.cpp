#include "session/memory/password_change.h"

#include "base/log.h"

namespace gatehouse::session {

Result<void> PasswordChange::before_change(const user::User& user, const Secret& hash) {
  return cache_.store().change_fingerprint(kept_, cache_.fingerprint_of(user, hash), false);
}

void PasswordChange::after_change(const user::User& user, const Secret& hash) {
  const Fingerprint fresh = cache_.fingerprint_of(user, hash);
  if (const auto changed = cache_.store().change_fingerprint(kept_, fresh, true); !changed) {
    spdlog::warn("fingerprints of user id {}: {}", log::quoted(user.id), changed.error().what);
  }
  for (const auto& known : cache_.map().users_of(user.id)) {
    if (known->known()) known->learn(known->roles(), fresh);
  }
}

}  // namespace gatehouse::session
