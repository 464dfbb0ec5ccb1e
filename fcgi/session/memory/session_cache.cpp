#include "session/memory/session_cache.h"

#include <algorithm>
#include <utility>

#include "base/event.h"
#include "base/log.h"
#include "session/store/refused.h"

namespace gatehouse::session {
namespace {

bool has_row(const user::Matches& found, const user::UserId& id) {
  return std::any_of(found.users.begin(), found.users.end(),
                     [&](const user::User& row) { return row.id == id; });
}

}  // namespace

SessionCache::SessionCache(const Clock& clock, Limits limits, const KeyRing& keys, Memory& memory,
                           SessionStore& store, user::UserDirectory& users)
    : clock_(clock),
      limits_(limits),
      map_(memory.map),
      store_(store),
      users_(users),
      roles_(memory.roles),
      fingerprints_(keys),
      unwritten_(memory.unwritten) {}

Lookup SessionCache::find(const SessionId& id) {
  Lookup found = map_.find(id);
  judge_by_user(found);
  return found;
}

/// Takes a live session back if its user must be looked up first.
void SessionCache::judge_by_user(Lookup& found) const {
  constexpr std::chrono::seconds kFailedLookupRetry{1};
  if (found.state != Lookup::State::live) return;
  const SessionUser& user = *found.session->user;
  const auto age = clock_.now() - user.checked();
  if (user.lookup_failed()) {
    found.state = age < kFailedLookupRetry ? Lookup::State::unavailable : Lookup::State::ask_store;
  } else if (age > limits_.user_max_age) {
    found.state = Lookup::State::ask_store;
  }
}

Lookup SessionCache::load(const SessionId& id) {
  auto found = find(id);
  if (found.session && found.state == Lookup::State::ask_store) {
    const SessionUserPtr user = found.session->user;
    check(user);
    found = map_.find(id);
    if (found.state == Lookup::State::live && user->lookup_failed())
      return {Lookup::State::unavailable};
  }
  return found.state == Lookup::State::ask_store ? fetch_in_one_flight(id) : found;
}

Lookup SessionCache::fetch_in_one_flight(const SessionId& id) {
  // Made before: one that cannot be made must not leave an empty place behind.
  const auto [flight, is_first] =
      flights_.with([&, fresh = std::make_shared<Flight>()](Flights& all) {
        const auto [place, added] = all.try_emplace(id, fresh);
        return std::pair(place->second, added);
      });
  if (is_first) {
    Lookup answer = fetch_guarded(id);
    flights_.change([&, flight = flight.get()](Flights& all) {
      flight->answer = answer;
      all.erase(id);
    });
    return answer;
  }
  Lookup answer;
  flights_.wait(
      std::stop_token(),
      [flight = flight.get()](const Flights&) { return flight->answer.has_value(); },
      [&, flight = flight.get()](const Flights&) { answer = *flight->answer; });
  return answer;
}

/// Lets nothing escape, since others wait for the answer.
Lookup SessionCache::fetch_guarded(const SessionId& id) noexcept {
  try {
    return fetch_current(id);
  } catch (const std::exception& error) {
    spdlog::error("a session cannot be looked up: {}", error.what());
    return {Lookup::State::unavailable};
  }
}

/// Reads the store again if the answer was stale when it came: the session may be the one that its
/// user kept when they revoked all others, and must not be answered like a revoked one.
Lookup SessionCache::fetch_current(const SessionId& id) {
  constexpr int kMostReadings = 3;
  for (int i = 0; i < kMostReadings; ++i) {
    auto found = fetch(id);
    if (found.state != Lookup::State::ask_store) return found;
  }
  return {Lookup::State::unavailable};
}

/// Gives `ask_store` if the answer was stale when it came.
Lookup SessionCache::fetch(const SessionId& id) {
  const TimePoint asked = clock_.now();
  auto stored = store_.find(id);
  if (!stored) return {Lookup::State::unavailable};
  if (!*stored) {
    map_.note_missing(id);
    return {Lookup::State::none};
  }
  const auto user = map_.user((*stored)->user_id, (*stored)->username, (*stored)->login_name);
  switch (judge(**stored, user)) {
    case Verdict::good:
      break;
    case Verdict::to_revoke:
      return revoke_for_good(id);
    case Verdict::unavailable:
      return {Lookup::State::unavailable};
  }
  return take_in(**stored, user, asked);
}

/// Puts a session that the store was `asked` for at that time into the map.
Lookup SessionCache::take_in(const StoredSession& stored, const SessionUserPtr& user,
                             TimePoint asked) {
  const TimePoint now = clock_.now();
  if (now - asked > limits_.lookup) return {Lookup::State::unavailable};
  const SessionMap::NewRecord session{.id = stored.id,
                                      .user = user,
                                      .kind = stored.kind,
                                      .created = asked - stored.since_login,
                                      .last_used = now,
                                      .fingerprint = user->fingerprint(),
                                      .epochs = stored.epochs,
                                      .login_time_known = stored.login_time_known};
  const auto inserted = map_.insert(session);
  if (inserted == SessionMap::Insertion::revoked) return {Lookup::State::none};
  if (inserted == SessionMap::Insertion::stale) return {Lookup::State::ask_store};
  return {Lookup::State::live,
          Session{stored.id, user, stored.kind, session.created, now, stored.login_time_known}};
}

/// Decides whether the user may still have this session: they must not be disabled, and their row
/// must show the password that the session was begun under.
SessionCache::Verdict SessionCache::judge(StoredSession& stored, const SessionUserPtr& user) {
  const auto name = user::Username::parse(user->lookup_name());
  if (!name) return Verdict::to_revoke;
  const TimePoint begun = clock_.now();
  const auto standing = users_.standing(stored.user_id);
  if (standing && standing->disabled) return to_revoke(stored, "disabled");
  const auto found = users_.find(*name);
  if (!standing || !found) return Verdict::unavailable;
  const user::User* row = row_of(stored, *found);
  if (row == nullptr && has_row(*found, stored.user_id)) {
    // Another host may be rehashing the password. It changes the session in the store before the
    // row, so that a second reading of the store tells.
    auto again = store_.find(stored.id);
    if (!again) return Verdict::unavailable;
    if (!*again) return Verdict::to_revoke;  // by somebody else, who has told of it
    stored = std::move(**again);
    row = row_of(stored, *found);
  }
  if (row == nullptr) {
    if (has_row(*found, stored.user_id)) return to_revoke(stored, "other_password");
    return found->may_hide(stored.user_id) ? Verdict::unavailable : to_revoke(stored, "no_row");
  }
  user->learn_attributes(row->attributes);
  user->learn(roles_.intern(standing->roles),
              fingerprints_.of(stored.user_id, row->password_hash.view()));
  user->set_checked(begun);
  return Verdict::good;
}

/// Tells why a session is revoked that its user may not have any more.
SessionCache::Verdict SessionCache::to_revoke(const StoredSession& stored,
                                              std::string_view reason) {
  log::tell({.kind = log::EventKind::session_revoked,
             .message = fmt::format("sessions: one revoked ({}):", reason),
             .reason = reason,
             .user_id = stored.user_id.text(),
             .user = stored.username});
  return Verdict::to_revoke;
}

/// The row of the session's user that has the password which the session was begun under; null if
/// there is none.
const user::User* SessionCache::row_of(const StoredSession& stored,
                                       const user::Matches& found) const {
  const auto row = std::find_if(found.users.begin(), found.users.end(), [&](const user::User& one) {
    return one.id == stored.user_id && shows(stored, fingerprints_, one);
  });
  return row == found.users.end() ? nullptr : &*row;
}

Lookup SessionCache::revoke_for_good(const SessionId& id) {
  if (const auto revoked = revoke(id); !revoked) {
    spdlog::warn(
        "a session has expired, but that cannot be written to MySQL now and is tried again later: "
        "{}",
        revoked.error().what);
  }
  return {Lookup::State::none};
}

Result<void> SessionCache::begin(const SessionId& id, const user::User& user,
                                 const user::Roles& roles, Kind kind, const Origin& origin) {
  const auto begun =
      store_.add({.id = id,
                  .user_id = user.id,
                  .username = user.name,
                  .login_name = user.login_name,
                  .kind = kind,
                  .fingerprint = fingerprints_.of(user.id, user.password_hash.view())},
                 origin);
  if (!begun) return tl::unexpected(begun.error());
  if (auto refused = refuse_if_revoked(id, user.id, begun->epochs); !refused) return refused;
  put_in_use(id, user, roles, kind, begun->epochs);
  // The count misses logins of this moment, so that well below the limit it is believed, and near
  // to it the sessions are looked at.
  if (begun->others && 2 * (*begun->others + 1) < limits_.max_per_user) return {};
  if (const auto bounded = revoke_over_limit(user.id); !bounded) {
    spdlog::warn(
        "user id {} has more sessions than session.max_per_user, and they cannot be revoked now: "
        "{}",
        log::quoted(user.id.text()), bounded.error().what);
  }
  return {};
}

/// Fails if a new session of these epochs is revoked already: by epochs that the store has
/// forgotten, or by a revocation that came between. An answer 200 would be followed by 401.
Result<void> SessionCache::refuse_if_revoked(const SessionId& id, const user::UserId& user,
                                             Epochs epochs) {
  if (epochs.user >= map_.known_user_epoch(user) && epochs.site >= map_.known_site_epoch()) {
    return {};
  }
  static_cast<void>(revoke(id));
  if (auto taught = teach_epochs(user, epochs); !taught) return taught;
  return fail(Error::Kind::unavailable, "all sessions of the user were revoked meanwhile");
}

/// Puts a session that has just begun into the map.
void SessionCache::put_in_use(const SessionId& id, const user::User& user, const user::Roles& roles,
                              Kind kind, Epochs epochs) {
  const TimePoint now = clock_.now();
  const Fingerprint fingerprint = fingerprints_.of(user.id, user.password_hash.view());
  const auto in_map = map_.user(user.id, user.name, user.login_name);
  if (in_map->known() && in_map->fingerprint() != fingerprint) {
    check(in_map);  // the password was changed, before this login or since it read the row
  } else {
    in_map->set_checked(now);
    in_map->learn_attributes(user.attributes);
    in_map->learn(roles_.intern(roles), fingerprint);
  }
  std::optional<SessionId> made_room;
  map_.insert({.id = id,
               .user = in_map,
               .kind = kind,
               .created = now,
               .last_used = now,
               .fingerprint = fingerprint,
               .epochs = epochs},
              &made_room);
  if (made_room && !store_.outlives_map()) revoke_for_good(*made_room);
}

/// Revokes the user's longest unused sessions beyond the limit.
Result<void> SessionCache::revoke_over_limit(const user::UserId& id) {
  const auto stored = store_.list(id);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->size() <= limits_.max_per_user) return {};
  const TimePoint now = clock_.now();
  std::vector<std::pair<TimePoint, SessionId>> by_use;
  for (const auto& [session, origin] : *stored) {
    // The store may not have been told of the last use here yet.
    const auto here = map_.last_used(session.id);
    by_use.emplace_back(
        std::max<TimePoint>(here.value_or(TimePoint::min()), now - session.since_use), session.id);
  }
  std::stable_sort(by_use.begin(), by_use.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<SessionId> over;
  for (std::size_t i = limits_.max_per_user; i < by_use.size(); ++i) {
    over.push_back(by_use[i].second);
  }
  if (auto revoked = revoke(over); !revoked) return revoked;
  log::tell(
      {.kind = log::EventKind::session_revoked,
       .message = fmt::format("user id {}: revoked {} of the sessions, those not used for longest: "
                              "there were more than session.max_per_user ({})",
                              log::quoted(id.text()), by_use.size() - limits_.max_per_user,
                              limits_.max_per_user),
       .reason = "max_per_user",
       .user_id = id.text()});
  return {};
}

Result<void> SessionCache::revoke(const SessionId& id) {
  return revoke(std::span(&id, 1));
}

Result<void> SessionCache::revoke(std::span<const SessionId> ids) {
  for (const SessionId& id : ids) map_.hold_revoked(id);
  auto noted = store_.revoke(ids);
  if (noted) {
    for (const SessionId& id : ids) map_.revoke(id);
  } else {
    unwritten_.with([&](auto& all) { all.insert(ids.begin(), ids.end()); });
  }
  return noted;
}

bool SessionCache::retry_revocations() {
  const auto ids = unwritten_.with(
      [](const auto& all) { return std::vector<SessionId>(all.begin(), all.end()); });
  if (ids.empty()) return true;
  if (!store_.revoke(ids)) return false;
  for (const SessionId& id : ids) map_.revoke(id);
  return unwritten_.with([&](auto& all) {
    for (const SessionId& id : ids) all.erase(id);
    return all.empty();
  });
}

Result<void> SessionCache::teach_epochs(const user::UserId& id, Epochs said) {
  if (auto taught = teach_site_epoch(said.site); !taught) return taught;
  const Epoch known = map_.known_user_epoch(id);
  if (said.user >= known) return {};
  const auto raised = store_.raise_user_epoch(id, known);
  if (!raised) return tl::unexpected(raised.error());
  if (*raised) log_taught("of a user");
  return {};
}

Result<void> SessionCache::teach_site_epoch(Epoch said) {
  const Epoch known = map_.known_site_epoch();
  if (said >= known) return {};
  const auto raised = store_.raise_site_epoch(known);
  if (!raised) return tl::unexpected(raised.error());
  if (*raised) log_taught("of everybody");
  return {};
}

void SessionCache::log_taught(const char* whose) {
  if (!forgotten_.happened()) return;
  spdlog::error(
      "the tables in MySQL had forgotten that all sessions {} were revoked, and were told again: "
      "was a backup restored, or a replica promoted?",
      whose);
}

}  // namespace gatehouse::session
