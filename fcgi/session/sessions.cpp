#include "session/sessions.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {

Lifetimes lifetimes_of(const config::Session& settings) {
  return {
      .browser = {.idle = settings.idle_timeout, .absolute = settings.absolute_lifetime},
      .persistent = {.idle = settings.remember_idle_timeout,
                     .absolute = settings.remember_lifetime},
  };
}

std::chrono::seconds write_interval_of(const config::Session& settings) {
  constexpr std::chrono::seconds kLeast{1};
  constexpr std::chrono::seconds kMost{5};
  constexpr int kPart = 10;
  return std::clamp(std::min(settings.idle_timeout, settings.remember_idle_timeout) / kPart, kLeast,
                    kMost);
}

Sessions::Sessions(const config::Session& settings, const KeyRing& keys, SessionCache& cache,
                   const Freshness& freshness)
    : cache_(cache),
      freshness_(freshness),
      persistent_lifetime_(settings.remember_lifetime),
      mint_(keys, settings.realm),
      handles_(keys) {}

Result<Secret> Sessions::start(const user::User& user, const user::Roles& roles, Kind kind,
                               const Origin& origin, Candidates candidates) {
  auto minted = mint_.mint();
  if (auto begun = cache_.begin(minted.id, user, roles, kind, origin); !begun) {
    return tl::unexpected(std::move(begun.error()));
  }
  if (const auto revoked = revoke(candidates); !revoked) {
    spdlog::warn("the session before this login stays in the store: {}", revoked.error().what);
  }
  return std::move(minted.token);
}

Lookup Sessions::find(Candidates candidates, Patience patience) {
  if (freshness_.stale()) return {Lookup::State::unavailable};
  Lookup outcome;
  std::optional<SessionId> last;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id || id == last) continue;
    last = id;
    auto found = patience == Patience::some ? cache_.load(*id) : cache_.find(*id);
    if (found.state == Lookup::State::none) continue;
    if (found.state != Lookup::State::live) return found;
    if (outcome.session && outcome.session->id != *id) return {};
    outcome = std::move(found);
  }
  return outcome;
}

Lookup Sessions::find_known(Candidates candidates, Patience patience) {
  Lookup found = find(candidates, patience);
  if (found.state != Lookup::State::live || found.session->user->known()) return found;
  if (patience == Patience::none) return {Lookup::State::ask_store};
  if (!cache_.know(found.session->user)) return {Lookup::State::unavailable};
  return find(candidates, patience);  // they may have no right to it any more
}

Result<void> Sessions::revoke(Candidates candidates) {
  Result<void> outcome;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id) continue;
    if (auto revoked = cache_.revoke(*id); !revoked) outcome = std::move(revoked);
  }
  return outcome;
}

Result<std::vector<Sessions::Listed>> Sessions::list(const Session& current) {
  auto stored = cache_.store().list(current.user->id);
  if (!stored) return tl::unexpected(std::move(stored.error()));
  std::vector<Listed> all;
  for (ListedSession& one : *stored) {
    const bool is_current = one.session.id == current.id;
    all.push_back({.handle = handles_.of(one.session.id),
                   .kind = one.session.kind,
                   .since_login = one.session.since_login,
                   .since_use = is_current ? microseconds(0) : one.session.since_use,
                   .origin = std::move(one.origin),
                   .current = is_current});
  }
  std::stable_partition(all.begin(), all.end(), [](const Listed& one) { return one.current; });
  return all;
}

Result<bool> Sessions::revoke_one(const Session& current, std::string_view handle) {
  const auto stored = cache_.store().list(current.user->id);
  if (!stored) return tl::unexpected(stored.error());
  for (const ListedSession& one : *stored) {
    if (!equal_in_constant_time(handles_.of(one.session.id), handle)) continue;
    return cache_.revoke(one.session.id).map([] { return true; });
  }
  return false;
}

Result<bool> Sessions::revoke_others(const Session& current) {
  const auto epoch = cache_.store().revoke_user(current.user->id, current.id);
  if (!epoch) return tl::unexpected(epoch.error());
  if (*epoch) cache_.map().revoke_user(current.user->id, **epoch);
  return epoch->has_value();
}

}  // namespace gatehouse::session
