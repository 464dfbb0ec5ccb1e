/// Which of the sessions that the tables call live are refused all the same.
#pragma once

#include "session/keys/fingerprint.h"
#include "session/store/session_store.h"
#include "user/user_directory.h"

namespace gatehouse::session {

/// Whether the session was begun under the password that the row has now, and a key that is still
/// in the file.
[[nodiscard]] bool shows(const StoredSession& stored, const Fingerprints& fingerprints,
                         const user::User& row);

/// Whether every host refuses the session, although it has neither been revoked nor expired: its
/// key was removed, or the site's application has changed the password. Nobody has come with it
/// since, and so nobody has revoked it. `rows` are those that its lookup_name() finds. Where its
/// user is not among them, it is not for this to say.
[[nodiscard]] bool is_refused(const StoredSession& stored, const Fingerprints& fingerprints,
                              const user::Matches& rows);

}  // namespace gatehouse::session
