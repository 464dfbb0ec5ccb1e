/// The pieces of Sessions but for its threads. Private to session/ and its tests.
#pragma once

#include <chrono>
#include <memory>

#include "base/clock.h"
#include "config/settings.h"
#include "session/keys/key_ring.h"
#include "session/known_places.h"
#include "session/memory/memory.h"
#include "session/memory/session_cache.h"
#include "session/memory/session_map.h"
#include "session/store/session_store.h"
#include "session/sync/freshness.h"
#include "user/user_directory.h"

namespace gatehouse::session {

/// The sessions of one process over a store, which several processes may share. Tests drive it with
/// a store and a clock of their own, without threads. `clock`, `store` and `users` must outlive it.
/// `the_memory` is that of the Parts before, after a reload; else there is none, and a new one is
/// made.
struct Parts {
  Parts(const config::Session& settings, std::chrono::seconds user_max_age, const KeyRing& keys,
        const Clock& the_clock, SessionStore& the_store, user::UserDirectory& users,
        std::chrono::seconds known_for = config::Guard{}.known_for,
        std::shared_ptr<Memory> the_memory = nullptr);

  const Clock& clock;
  SessionStore& store;
  const std::shared_ptr<Memory> memory;
  SessionMap& map;
  SessionCache cache;
  Freshness freshness;
  KnownPlaces places;
};

[[nodiscard]] SessionMap::Limits limits_of(const config::Session& settings);

}  // namespace gatehouse::session
