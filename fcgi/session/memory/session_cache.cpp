#include "session/memory/session_cache.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

Lookup found_by(SessionMap::Sighting sighting) {
  switch (sighting.state) {
    case SessionMap::State::live:
      return {Lookup::State::live, std::move(sighting.session)};
    case SessionMap::State::ended:
      return {Lookup::State::none};
    case SessionMap::State::unknown:
      return {Lookup::State::ask_store};
  }
  return {Lookup::State::ask_store};
}

bool has_row(const user::Matches& found, const user::UserId& id) {
  return std::any_of(found.users.begin(), found.users.end(),
                     [&](const user::User& row) { return row.id == id; });
}

}  // namespace

SessionCache::SessionCache(const Clock& clock, Limits limits, const KeyRing& keys,
                           SessionStore& store, user::UserDirectory& users)
    : clock_(clock),
      limits_(limits),
      store_(store),
      users_(users),
      fingerprints_(keys),
      map_(clock, limits.map) {}

Lookup SessionCache::find(const SessionId& id) {
  return judged_by_user(found_by(map_.find(id)));
}

/// What a live session is as long as its user is not looked up again.
Lookup SessionCache::judged_by_user(Lookup found) const {
  constexpr std::chrono::seconds kRefusedRetry{1};
  if (found.state != Lookup::State::live) return found;
  const SessionUser& user = *found.session->user;
  const auto age = clock_.now() - user.checked();
  if (user.refused()) {
    found.state = age < kRefusedRetry ? Lookup::State::unavailable : Lookup::State::ask_store;
  } else if (age > limits_.user_max_age) {
    found.state = Lookup::State::ask_store;
  }
  return found;
}

Lookup SessionCache::load(const SessionId& id) {
  auto found = find(id);
  if (found.session && found.state == Lookup::State::ask_store) {
    const SessionUserPtr user = found.session->user;
    check(user);
    found = found_by(map_.find(id));
    if (found.state == Lookup::State::live && user->refused()) return {Lookup::State::unavailable};
  }
  if (found.state != Lookup::State::ask_store) return found;
  std::unique_lock lock(flights_mutex_);
  auto& place = flights_[id];
  if (place) {
    const auto flight = place;
    landed_.wait(lock, [&] { return flight->answer.has_value(); });
    return *flight->answer;
  }
  const auto flight = place = std::make_shared<Flight>();
  lock.unlock();
  found = {Lookup::State::unavailable};
  try {
    found = fetch_current(id);
  } catch (const std::exception& error) {
    spdlog::error("look-up of a session: {}", error.what());
  }
  lock.lock();
  flight->answer = found;
  flights_.erase(id);
  landed_.notify_all();
  return found;
}

/// Reads again what was outdated when it came: the session may be the one that its user kept when
/// they ended all others, and must not be answered like one that is over.
Lookup SessionCache::fetch_current(const SessionId& id) {
  constexpr int kMostReadings = 3;
  for (int i = 0; i < kMostReadings; ++i) {
    auto found = fetch(id);
    if (found.state != Lookup::State::ask_store) return found;
  }
  return {Lookup::State::unavailable};
}

/// `ask` where the store must be read again.
Lookup SessionCache::fetch(const SessionId& id) {
  const TimePoint begun = clock_.now();
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
    case Verdict::over:
      return revoke_for_good(id);
    case Verdict::unavailable:
      return {Lookup::State::unavailable};
  }
  const TimePoint now = clock_.now();
  if (now - begun > limits_.look_up) return {Lookup::State::unavailable};
  const SessionMap::NewRecord arrival{.id = id,
                                      .user = user,
                                      .kind = (*stored)->kind,
                                      .created = begun - (*stored)->since_login,
                                      .last_used = now,
                                      .fingerprint = user->fingerprint(),
                                      .epochs = (*stored)->epochs,
                                      .login_time_known = (*stored)->login_time_known};
  const auto inserted = map_.insert(arrival);
  if (inserted == SessionMap::Insertion::revoked) return {Lookup::State::none};
  if (inserted == SessionMap::Insertion::stale) return {Lookup::State::ask_store};
  return {Lookup::State::live,
          Session{id, user, arrival.kind, arrival.created, now, arrival.login_time_known}};
}

/// Whether its user may still have this session. Our own tables know the user by the id, whatever
/// the site's query gives.
SessionCache::Verdict SessionCache::judge(StoredSession& stored, const SessionUserPtr& user) {
  const auto name = user::Username::parse(user->asked_by());
  if (!name) return Verdict::over;
  const TimePoint begun = clock_.now();
  const auto standing = users_.standing(stored.user_id);
  if (standing && standing->disabled) return Verdict::over;
  const auto found = users_.find(*name);
  if (!standing || !found) return Verdict::unavailable;
  const user::User* row = row_of(stored, *found);
  if (row == nullptr && has_row(*found, stored.user_id)) {
    // A rehash of ours on another host may have come between: it changes the session first.
    auto again = store_.find(stored.id);
    if (!again) return Verdict::unavailable;
    if (!*again) return Verdict::over;
    stored = std::move(**again);
    row = row_of(stored, *found);
  }
  if (row == nullptr) {
    const bool hidden = !has_row(*found, stored.user_id) && found->may_hide(stored.user_id);
    return hidden ? Verdict::unavailable : Verdict::over;
  }
  user->learn(roles_.intern(standing->roles),
              fingerprints_.of(stored.user_id, row->password.view()));
  user->set_checked(begun);
  return Verdict::good;
}

/// The row of the session's user with the password that the session was begun under; null if there
/// is none.
const user::User* SessionCache::row_of(const StoredSession& stored,
                                       const user::Matches& found) const {
  const auto row = std::find_if(found.users.begin(), found.users.end(), [&](const user::User& one) {
    return one.id == stored.user_id && shows(stored, one);
  });
  return row == found.users.end() ? nullptr : &*row;
}

bool SessionCache::shows(const StoredSession& stored, const user::User& user) const {
  const auto now = fingerprints_.all_of(user.id, user.password.view());
  return std::any_of(now.begin(), now.end(), [&](Fingerprint fingerprint) {
    return fingerprint == stored.fingerprint || fingerprint == stored.next_fingerprint;
  });
}

Lookup SessionCache::revoke_for_good(const SessionId& id) {
  if (const auto revoked = revoke(id); !revoked) {
    spdlog::warn("a session that is over stays in the store: {}", revoked.error().what);
  }
  return {Lookup::State::none};
}

Result<void> SessionCache::begin(const SessionId& id, const user::User& user,
                                 const user::Roles& roles, Kind kind, const Origin& origin) {
  StoredSession stored{.id = id,
                       .user_id = user.id,
                       .username = user.name,
                       .login_name = user.login_name,
                       .kind = kind,
                       .fingerprint = fingerprints_.of(user.id, user.password.view())};
  const auto epochs = store_.add(stored, origin);
  if (!epochs) return tl::unexpected(epochs.error());
  const Epochs known = map_.known_epochs(user.id);
  if (epochs->user < known.user || epochs->site < known.site) {
    // The session is revoked already, by the epochs that the store forgot or by a revocation that
    // came between: an answer 200 would be followed by 401.
    static_cast<void>(revoke(id));
    if (auto taught = teach_epochs(user.id, *epochs); !taught) return taught;
    return fail(Error::Kind::unavailable, "all sessions of the user were revoked meanwhile");
  }
  const TimePoint now = clock_.now();
  const auto in_map = map_.user(user.id, user.name, user.login_name);
  if (in_map->known() && in_map->fingerprint() != stored.fingerprint) {
    check(in_map);  // the password has changed: before the login, or since it was looked up
  } else {
    in_map->set_checked(now);
    in_map->learn(roles_.intern(roles), stored.fingerprint);
  }
  std::optional<SessionId> made_room;
  map_.insert({.id = id,
               .user = in_map,
               .kind = kind,
               .created = now,
               .last_used = now,
               .fingerprint = stored.fingerprint,
               .epochs = *epochs},
              &made_room);
  if (made_room && !store_.outlives_map()) revoke_for_good(*made_room);
  if (const auto bounded = bound(user.id); !bounded) {
    spdlog::warn("sessions of user id {} over the limit: {}", log::quoted(user.id),
                 bounded.error().what);
  }
  return {};
}

/// Ends the user's longest unused sessions beyond the limit.
Result<void> SessionCache::bound(const user::UserId& id) {
  const auto stored = store_.list(id);
  if (!stored) return tl::unexpected(stored.error());
  if (stored->size() <= limits_.max_per_user) return {};
  const TimePoint now = clock_.now();
  std::vector<std::pair<TimePoint, SessionId>> by_use;
  for (const auto& [session, origin] : *stored) {
    // The last uses of here may not be written yet.
    const auto here = map_.last_used(session.id);
    by_use.emplace_back(
        std::max<TimePoint>(here.value_or(TimePoint::min()), now - session.since_use), session.id);
  }
  std::stable_sort(by_use.begin(), by_use.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = limits_.max_per_user; i < by_use.size(); ++i) {
    if (auto revoked = revoke(by_use[i].second); !revoked) return revoked;
  }
  spdlog::info("user id {}: {} sessions longest unused were ended, over session.max_per_user ({})",
               log::quoted(id), by_use.size() - limits_.max_per_user, limits_.max_per_user);
  return {};
}

Result<void> SessionCache::revoke(const SessionId& id) {
  map_.hold_revoked(id);
  auto noted = store_.revoke(id);
  if (noted) {
    map_.revoke(id);
  } else {
    unwritten_.with([&](auto& ids) { ids.insert(id); });
  }
  return noted;
}

bool SessionCache::retry_revocations() {
  auto ids = unwritten_.with([](auto& all) { return std::exchange(all, {}); });
  while (!ids.empty() && store_.revoke(*ids.begin())) {
    map_.revoke(*ids.begin());
    ids.erase(ids.begin());
  }
  return unwritten_.with([&](auto& all) {
    all.merge(ids);
    return all.empty();
  });
}

Result<void> SessionCache::teach_epochs(const user::UserId& id, Epochs said) {
  const Epochs known = map_.known_epochs(id);
  const auto raise = [&](const user::UserId& whose, std::uint32_t stored, std::uint32_t least) {
    return stored < least ? store_.raise_epoch(whose, least) : Result<bool>(false);
  };
  const auto user = raise(id, said.user, known.user);
  if (!user) return tl::unexpected(user.error());
  const auto site = raise("", said.site, known.site);
  if (!site) return tl::unexpected(site.error());
  if ((*user || *site) && forgotten_.happened()) {
    spdlog::error(
        "the tables in MySQL had forgotten that all sessions {} were revoked, and were "
        "told again: was a backup restored, or a replica promoted?",
        *site ? "of everybody" : "of a user");
  }
  return {};
}

Result<void> SessionCache::before_change(const user::User& user, const Secret& hash) {
  const Fingerprint fresh = fingerprint_of(user, hash);
  auto changed = store_.change_fingerprint(
      user.id, fingerprints_.all_of(user.id, user.password.view()), fresh, false);
  // Already now: the user may be looked up between the change and the call after it.
  if (changed) note_rehash(user, fresh);
  return changed;
}

void SessionCache::after_change(const user::User& user, const Secret& hash) {
  const Fingerprint fresh = fingerprint_of(user, hash);
  const auto changed = store_.change_fingerprint(
      user.id, fingerprints_.all_of(user.id, user.password.view()), fresh, true);
  if (!changed)
    spdlog::warn("fingerprints of user id {}: {}", log::quoted(user.id), changed.error().what);
  for (const auto& known : note_rehash(user, fresh)) {
    known->replace_fingerprint(fingerprint_of(user, user.password), fresh);
  }
}

/// Gives the user under each name that their sessions have here.
std::vector<SessionUserPtr> SessionCache::note_rehash(const user::User& user, Fingerprint fresh) {
  auto users = map_.users_of(user.id);
  for (const auto& known : users) {
    known->note_rehash(fingerprint_of(user, user.password), fresh);
  }
  return users;
}

}  // namespace gatehouse::session
