#include "session/parts.h"

#include <optional>

namespace gatehouse::session {

Parts::Parts(const config::Session& settings, std::chrono::seconds user_max_age,
             const KeyRing& keys, const Clock& the_clock, SessionStore& the_store,
             user::UserDirectory& users, std::chrono::seconds known_for)
    : clock(the_clock),
      store(the_store),
      map(clock, {.lifetimes = lifetimes_of(settings), .capacity = settings.capacity}),
      cache(clock, {.max_per_user = settings.max_per_user, .user_max_age = user_max_age}, keys, map,
            store, users),
      freshness(clock, settings.hosts == config::SessionHosts::several
                           ? std::optional(settings.max_stale)
                           : std::nullopt),
      places(the_store, keys, known_for) {}

}  // namespace gatehouse::session
