/// The part of SessionCache that follows our own changes of password columns.
#include "base/log.h"
#include "session/memory/session_cache.h"

namespace gatehouse::session {

Result<void> SessionCache::before_change(const user::User& user, const Secret& hash) {
  const Fingerprint fresh = fingerprint_of(user, hash);
  auto changed = store_.change_fingerprint(
      user.id, fingerprints_.all_of(user.id, user.password_hash.view()), fresh, HashChange::begins);
  // Noted before the change already, since the user may be looked up before after_change() is
  // called.
  if (changed) note_rehash(user, fresh);
  return changed;
}

void SessionCache::after_change(const user::User& user, const Secret& hash) {
  const Fingerprint fresh = fingerprint_of(user, hash);
  const auto changed = store_.change_fingerprint(
      user.id, fingerprints_.all_of(user.id, user.password_hash.view()), fresh, HashChange::done);
  if (!changed)
    spdlog::warn("the fingerprints in the sessions of user id {} are not updated: {}",
                 log::quoted(user.id.text()), changed.error().what);
  for (const auto& known : note_rehash(user, fresh)) {
    known->replace_fingerprint(fingerprint_of(user, user.password_hash), fresh);
  }
}

/// Gives the user's objects, one for each name that their sessions have here.
std::vector<SessionUserPtr> SessionCache::note_rehash(const user::User& user, Fingerprint fresh) {
  auto users = map_.users_of(user.id);
  for (const auto& known : users) {
    known->note_rehash(fingerprint_of(user, user.password_hash), fresh);
  }
  return users;
}

Result<void> SessionCache::before_password_change(const SessionId& kept, const user::User& user,
                                                  const Secret& hash) {
  return store_.change_fingerprint(kept, fingerprint_of(user, hash), HashChange::begins);
}

void SessionCache::after_password_change(const SessionId& kept, const user::User& user,
                                         const Secret& hash) {
  const Fingerprint fresh = fingerprint_of(user, hash);
  const auto changed = store_.change_fingerprint(kept, fresh, HashChange::done);
  if (!changed) {
    spdlog::warn(
        "the fingerprint in the session that changed the password of user id {} is not "
        "updated: {}",
        log::quoted(user.id.text()), changed.error().what);
  }
  for (const auto& known : map_.users_of(user.id)) {
    if (known->known()) known->learn(known->roles(), fresh);
  }
}

}  // namespace gatehouse::session
