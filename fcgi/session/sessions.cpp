#include "session/sessions.h"

#include <memory>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {

Sessions::Sessions(const Clock& clock, const config::Session& settings, const KeyRing& keys,
                   SessionStore& store)
    : clock_(clock),
      store_(store),
      mint_(keys, settings.realm),
      map_(clock,
           {.lifetime = {.idle = settings.idle_timeout, .absolute = settings.absolute_lifetime},
            .capacity = settings.capacity,
            .max_per_user = settings.max_per_user}) {}

Result<Secret> Sessions::start(SessionUser user, std::span<const std::string_view> candidates) {
  auto minted = mint_.mint();
  const TimePoint now = clock_.now();
  Session session{.id = minted.id,
                  .user = std::make_shared<const SessionUser>(std::move(user)),
                  .created = now,
                  .last_used = now};
  if (auto added = store_.add(session); !added) return tl::unexpected(added.error());
  for (const SessionId& gone : map_.insert(std::move(session))) {
    if (const auto revoked = store_.revoke(gone); !revoked) {
      spdlog::warn("a session that made room stays in the store: {}", revoked.error().what);
    }
  }
  if (const auto ended = end(candidates); !ended) {
    spdlog::warn("the session before this login stays in the store: {}", ended.error().what);
  }
  return std::move(minted.token);
}

std::optional<Session> Sessions::find(std::span<const std::string_view> candidates) {
  std::optional<Session> live;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id || (live && live->id == *id)) continue;
    auto found = map_.find(*id);
    if (found && live) return std::nullopt;
    if (found) live = std::move(found);
  }
  return live;
}

Result<void> Sessions::end(std::span<const std::string_view> candidates) {
  Result<void> outcome;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id) continue;
    if (auto ended = end(*id); !ended) outcome = std::move(ended);
  }
  return outcome;
}

Result<void> Sessions::end(const SessionId& id) {
  map_.erase(id);
  return store_.revoke(id);
}

}  // namespace gatehouse::session
