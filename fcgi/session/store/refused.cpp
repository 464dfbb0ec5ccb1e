#include "session/store/refused.h"

#include <algorithm>

namespace gatehouse::session {

bool shows(const StoredSession& stored, const Fingerprints& fingerprints, const user::User& row) {
  const auto now = fingerprints.all_of(row.id, row.password_hash.view());
  return std::any_of(now.begin(), now.end(), [&](Fingerprint fingerprint) {
    return fingerprint == stored.fingerprint || fingerprint == stored.next_fingerprint;
  });
}

bool is_refused(const StoredSession& stored, const Fingerprints& fingerprints,
                const user::Matches& rows) {
  bool has_row = false;
  for (const user::User& row : rows.users) {
    if (row.id != stored.user_id) continue;
    if (shows(stored, fingerprints, row)) return false;
    has_row = true;
  }
  return has_row;
}

}  // namespace gatehouse::session
