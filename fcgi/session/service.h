/// The pieces that Sessions owns in the running service. Private to session/.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "session/events/event_store.h"
#include "session/events/event_writer.h"
#include "session/keys/fingerprint.h"
#include "session/parts.h"
#include "session/sessions.h"
#include "session/sync/place_writer.h"
#include "session/sync/readiness.h"
#include "session/sync/sync_threads.h"
#include "session/sync/synchronisation.h"

namespace gatehouse::session {

/// The store that the settings name, the parts over it, and the threads that keep them in
/// agreement.
struct Sessions::Service {
  Service(const config::Settings& settings, const KeyRing& keys, mysql::Pool& tables,
          user::UserDirectory& users, std::function<void(const std::string&)> on_keys_refused,
          std::shared_ptr<Memory> handed_on);

  const std::shared_ptr<Memory> memory;
  const std::unique_ptr<SessionStore> tables;  ///< null if the store is in `memory`
  SessionStore& store;
  const Fingerprints fingerprints;
  Parts parts;
  const std::unique_ptr<EventStore> events;  ///< null if none are kept
  std::optional<EventWriter> event_writer;   ///< likewise
  std::optional<PlaceWriter> place_writer;   ///< none if the store is in `memory`, which needs none
  Synchronisation sync;
  std::atomic<bool> keys_refused{false};
  SyncThreads threads;
  Readiness readiness;
};

}  // namespace gatehouse::session
