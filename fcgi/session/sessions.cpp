#include "session/sessions.h"

#include <algorithm>
#include <utility>

#include "base/event.h"
#include "base/log.h"
#include "mysql/estimate.h"
#include "mysql/pool.h"
#include "session/parts.h"
#include "session/service.h"
#include "session/store/mysql_session_store.h"

namespace gatehouse::session {

Sessions::Sessions(const config::Settings& settings, const KeyRing& keys, mysql::Pool& tables,
                   user::UserDirectory& users,
                   std::function<void(const std::string&)> on_keys_refused,
                   std::shared_ptr<Memory> memory)
    : Sessions(settings.session, keys,
               std::make_unique<Service>(settings, keys, tables, users, std::move(on_keys_refused),
                                         std::move(memory))) {}

Sessions::Sessions(const config::Session& settings, const KeyRing& keys,
                   std::unique_ptr<Service> service)
    : service_(std::move(service)),
      parts_(service_->parts),
      persistent_lifetime_(settings.remember_lifetime),
      mint_(keys, settings.realm),
      handles_(keys) {}

Sessions::Sessions(const config::Session& settings, const KeyRing& keys, Parts& parts)
    : parts_(parts),
      persistent_lifetime_(settings.remember_lifetime),
      mint_(keys, settings.realm),
      handles_(keys) {}

Sessions::~Sessions() = default;

Result<Secret> Sessions::start(const user::User& user, const user::Roles& roles, Kind kind,
                               const Origin& origin, Candidates candidates,
                               const LoginRequest& request) {
  auto minted = mint_.mint();
  if (auto begun = parts_.cache.begin(minted.id, user, roles, kind, origin); !begun) {
    return tl::unexpected(std::move(begun.error()));
  }
  note_login(minted.id, user, origin, request);
  if (const auto revoked = revoke(candidates); !revoked) {
    spdlog::warn(
        "the session before this login is revoked here, but that cannot be written to MySQL now "
        "and is tried again later: {}",
        revoked.error().what);
  }
  return std::move(minted.token);
}

void Sessions::note_login(const SessionId& id, const user::User& user, const Origin& origin,
                          const LoginRequest& request) {
  if (!service_ || !service_->place_writer) return;
  if (!service_->event_writer) return service_->place_writer->add(id);
  auto login = std::make_unique<LoginToTell>();
  login->event = {.kind = std::string(log::to_string(log::EventKind::login)),
                  .user_id = user.id.text(),
                  .user = user.name,
                  .address = origin.address,
                  .user_agent = origin.user_agent,
                  .session = handles_.of(id),
                  .request = request.id};
  login->arrival.session = id;
  if (request.device) {
    login->arrival.device.assign(request.device->begin(), request.device->end());
    login->arrival.prints = service_->fingerprints.all_of(user.id, user.password_hash.view());
  }
  service_->place_writer->add(id, std::move(login));
}

void Sessions::keep(const log::Event& event) {
  const bool is_told = event.kind == log::EventKind::login;  // by start()
  if (!service_ || !service_->event_writer || is_told || !is_kept(event)) return;
  service_->event_writer->add(LoginEvent::of(event));
}

Result<std::vector<ListedEvent>> Sessions::events(const Session& current, std::size_t most) {
  if (!service_ || !service_->events) return std::vector<ListedEvent>();
  return service_->events->of_user(current.user->id, most);
}

Result<bool> Sessions::use_link(const guard::DeviceLink& link, const guard::DeviceId& device) {
  return parts_.store.use_link(link, std::string(device.begin(), device.end()));
}

Lookup Sessions::find(Candidates candidates, Patience patience) {
  if (parts_.freshness.stale()) return {Lookup::State::unavailable};
  Lookup outcome;
  std::optional<SessionId> last;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id || id == last) continue;
    last = id;
    auto found = patience == Patience::some ? parts_.cache.load(*id) : parts_.cache.find(*id);
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
  if (!parts_.cache.know(found.session->user)) return {Lookup::State::unavailable};
  return find(candidates, patience);  // the user may have no right to the session any more
}

std::string Sessions::handle_of(const Session& session) const {
  return handles_.of(session.id);
}

std::string Sessions::handle_of(std::string_view token) const {
  const auto id = mint_.verify(token);
  return id ? handles_.of(*id) : std::string();
}

BootTime::duration Sessions::since_login(const Session& session) const noexcept {
  if (!session.login_time_known) return BootTime::duration::max();
  return parts_.clock.now() - session.created;
}

Result<void> Sessions::revoke(Candidates candidates) {
  Result<void> outcome;
  for (const auto candidate : candidates) {
    const auto id = mint_.verify(candidate);
    if (!id) continue;
    if (auto revoked = parts_.cache.revoke(*id); !revoked) outcome = std::move(revoked);
  }
  return outcome;
}

Result<std::vector<Sessions::Listed>> Sessions::list(const Session& current) {
  auto stored = parts_.store.list(current.user->id);
  if (!stored) return tl::unexpected(std::move(stored.error()));
  parts_.cache.remove_refused(*current.user, *stored);
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
  const auto stored = parts_.store.list(current.user->id);
  if (!stored) return tl::unexpected(stored.error());
  for (const ListedSession& one : *stored) {
    if (!equal_in_constant_time(handles_.of(one.session.id), handle)) continue;
    return parts_.cache.revoke(one.session.id).map([] { return true; });
  }
  return false;
}

Result<bool> Sessions::revoke_others(const Session& current) {
  const auto epoch = parts_.store.revoke_user(current.user->id, current.id);
  if (!epoch) return tl::unexpected(epoch.error());
  if (*epoch) parts_.map.revoke_user(current.user->id, **epoch);
  return epoch->has_value();
}

PasswordChange Sessions::password_change(const Session& current) const {
  return {parts_.cache, current.id};
}

user::HashObserver& Sessions::rehash_observer() const noexcept {
  return parts_.cache;
}

guard::Acquaintances& Sessions::acquaintances() const noexcept {
  return parts_.places;
}

std::size_t Sessions::count() const {
  return parts_.map.size();
}

bool Sessions::keys_claimed() const noexcept {
  return !service_ || service_->threads.keys_claimed();
}

void Sessions::wait_for_first_claim() {
  if (service_) service_->threads.wait_for_first_claim();
}

std::shared_ptr<Memory> Sessions::memory() const noexcept {
  return parts_.memory;
}

void Sessions::take_over(const config::Session& settings) {
  parts_.map.set_limits(limits_of(settings));
  if (parts_.memory->own_store) parts_.memory->own_store->set_lifetimes(lifetimes_of(settings));
}

bool Sessions::keys_refused() const noexcept {
  return service_ && service_->keys_refused;
}

std::optional<bool> Sessions::ready(Patience patience) {
  return service_ ? service_->readiness.ask(patience) : true;
}

std::unique_ptr<SessionStore> open_session_tables(const config::Session& settings,
                                                  mysql::Pool& tables,
                                                  std::chrono::seconds known_for) {
  return std::make_unique<MysqlSessionStore>(tables, lifetimes_of(settings), known_for);
}

std::optional<std::uint64_t> estimate_sessions(mysql::Pool& tables) {
  return tables
      .with([](mysql::Connection& connection) -> Result<std::optional<std::uint64_t>> {
        return mysql::estimate_rows(connection, "SELECT seq FROM session");
      })
      .value_or(std::nullopt);
}

}  // namespace gatehouse::session
