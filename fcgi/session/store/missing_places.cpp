#include "session/store/missing_places.h"

#include "base/log.h"
#include "mysql/migration.h"

namespace gatehouse::session {

void MissingPlaces::note(const Error& why) {
  if (!lasting_.happened()) return;
  spdlog::error(
      "logins go on, but where users log in is not kept, so that a user whose name is guessed at "
      "waits with the strangers: {}: {}",
      why.what, mysql::kMendTables);
}

}  // namespace gatehouse::session
