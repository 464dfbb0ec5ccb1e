/// Sessions in memory with everything under them, for tests of what stands on top.
#pragma once

#include <optional>
#include <string>

#include "session/sessions.h"
#include "session/store/memory_session_store.h"
#include "support/fake_clock.h"
#include "support/fakes/fake_user_directory.h"

namespace gatehouse::test {

/// Those of one process on `store`, which several may share.
struct SessionParts {
  SessionParts(const Clock& clock, session::SessionStore& store, user::UserDirectory& users,
               config::Session settings = {})
      : cache(clock,
              {.map = {.lifetimes = session::lifetimes_of(settings), .capacity = settings.capacity},
               .max_per_user = settings.max_per_user},
              keys, store, users),
        freshness(clock, settings.hosts == config::SessionHosts::several
                             ? std::optional(settings.max_stale)
                             : std::nullopt),
        sessions(settings, keys, cache, freshness) {}

  session::KeyRing keys = *session::KeyRing::parse(Secret(std::string(43, 'A')));
  session::SessionCache cache;
  session::Freshness freshness;
  session::Sessions sessions;
};

}  // namespace gatehouse::test
