#include "session/service.h"

#include <utility>

#include "base/log.h"
#include "session/events/mysql_event_store.h"
#include "session/store/memory_session_store.h"
#include "session/store/mysql_session_store.h"

namespace gatehouse::session {
namespace {

/// It outlives every Sessions, and so does Memory, which refers to it.
const Clock& the_clock() {
  static const SystemClock clock;
  return clock;
}

/// The tables in MySQL; null if the sessions are in this process alone.
std::unique_ptr<SessionStore> open_tables(const config::Settings& settings, mysql::Pool& tables) {
  if (settings.session.store != config::SessionStore::mysql) return nullptr;
  return open_session_tables(settings.session, tables, settings.guard.known_for);
}

/// The table of events; null if the settings want none, or have no tables.
std::unique_ptr<EventStore> open_events(const config::Settings& settings, mysql::Pool& tables) {
  const bool kept =
      settings.session.store == config::SessionStore::mysql && settings.events.max_rows > 0;
  if (!kept) return nullptr;
  return std::make_unique<MysqlEventStore>(tables, settings.events, settings.guard.known_for);
}

/// The memory of the Sessions before, or a new one.
std::shared_ptr<Memory> memory_or_new(std::shared_ptr<Memory> memory,
                                      const config::Session& settings) {
  if (!memory) memory = std::make_shared<Memory>(the_clock(), limits_of(settings));
  if (settings.store == config::SessionStore::memory && !memory->own_store) {
    memory->own_store = std::make_unique<MemorySessionStore>(the_clock(), lifetimes_of(settings));
  }
  return memory;
}

/// Does what a login needs: it reads the user's row and writes a session.
Result<void> probe_login(const SyncThreads& threads, const Freshness& freshness,
                         user::UserDirectory& users, SessionStore& store) {
  if (!threads.claim_holds()) return fail(Error::Kind::unavailable, "the keys are not claimed");
  if (freshness.stale()) {
    return fail(Error::Kind::unavailable, "what was logged out elsewhere is not known");
  }
  const auto name = user::Username::parse("gatehouse-readyz");
  if (const auto found = users.find(*name); !found) return tl::unexpected(found.error());
  return store.probe();
}

}  // namespace

Sessions::Service::Service(const config::Settings& settings, const KeyRing& keys, mysql::Pool& pool,
                           user::UserDirectory& users,
                           std::function<void(const std::string&)> on_keys_refused,
                           std::shared_ptr<Memory> handed_on)
    : memory(memory_or_new(std::move(handed_on), settings.session)),
      tables(open_tables(settings, pool)),
      store(tables ? *tables : *memory->own_store),
      fingerprints(keys),
      parts(settings.session, settings.user.max_age, keys, the_clock(), store, users,
            settings.guard.known_for, memory),
      events(open_events(settings, pool)),
      sync(Synchronisation::settings_of(settings.session, settings.user.max_age), parts),
      threads(
          sync, store, keys.marks(),
          [this, on_keys_refused = std::move(on_keys_refused)](const std::string& why) {
            keys_refused = true;
            on_keys_refused(why);
          },
          events.get()),
      readiness(the_clock(),
                [this, &users] { return probe_login(threads, parts.freshness, users, store); }) {
  if (events) event_writer.emplace(*events, the_clock());
  if (tables) place_writer.emplace(store, events.get(), event_writer ? &*event_writer : nullptr);
}

}  // namespace gatehouse::session
