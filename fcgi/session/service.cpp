#include "session/service.h"

#include <utility>

#include "base/log.h"
#include "session/store/memory_session_store.h"
#include "session/store/mysql_session_store.h"

namespace gatehouse::session {
namespace {

std::unique_ptr<SessionStore> make_store(const config::Settings& settings, const Clock& clock,
                                         mysql::Pool& tables) {
  if (settings.session.store == config::SessionStore::mysql) {
    return open_session_tables(settings.session, tables, settings.guard.known_for);
  }
  return std::make_unique<MemorySessionStore>(clock, lifetimes_of(settings.session));
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

Sessions::Service::Service(const config::Settings& settings, const KeyRing& keys,
                           mysql::Pool& tables, user::UserDirectory& users,
                           std::function<void()> on_keys_refused)
    : store(make_store(settings, clock, tables)),
      parts(settings.session, settings.user.max_age, keys, clock, *store, users,
            settings.guard.known_for),
      sync(Synchronisation::settings_of(settings.session, settings.user.max_age), parts),
      threads(sync, *store, keys.marks(),
              [this, on_keys_refused = std::move(on_keys_refused)](const std::string& why) {
                spdlog::critical("{}", why);
                keys_refused = true;
                on_keys_refused();
              }),
      readiness(clock,
                [this, &users] { return probe_login(threads, parts.freshness, users, *store); }) {}

}  // namespace gatehouse::session
