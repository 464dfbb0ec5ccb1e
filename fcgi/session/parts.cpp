#include "session/parts.h"

#include <optional>
#include <utility>

namespace gatehouse::session {

Parts::Parts(const config::Session& settings, std::chrono::seconds user_max_age,
             const KeyRing& keys, const Clock& the_clock, SessionStore& the_store,
             user::UserDirectory& users, std::chrono::seconds known_for,
             std::shared_ptr<Memory> the_memory)
    : clock(the_clock),
      store(the_store),
      memory(the_memory ? std::move(the_memory)
                        : std::make_shared<Memory>(clock, limits_of(settings))),
      map(memory->map),
      cache(clock, {.max_per_user = settings.max_per_user, .user_max_age = user_max_age}, keys,
            *memory, store, users),
      freshness(clock,
                settings.hosts == config::SessionHosts::several ? std::optional(settings.max_stale)
                                                                : std::nullopt,
                memory->revocations_known),
      places(the_store, keys, known_for) {}

SessionMap::Limits limits_of(const config::Session& settings) {
  return {.lifetimes = lifetimes_of(settings), .capacity = settings.capacity};
}

}  // namespace gatehouse::session
