/// The part of SessionCache that looks users up.
#include "session/memory/session_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/event.h"
#include "session/store/refused.h"

namespace gatehouse::session {
namespace {

/// Whether the database answered, but with an error about the query or its rows.
template <class T>
bool is_about_the_query(const Result<T>& answer) {
  return !answer && answer.error().kind != Error::Kind::unavailable;
}

std::string roles_text(const user::Roles& roles) {
  std::string text;
  for (const user::Role& role : roles) text.append(text.empty() ? "" : ",").append(role.text());
  return text.empty() ? "none" : text;
}

/// Tells that the site has changed the roles of somebody who is logged in.
void tell_roles(const SessionUser& user, const user::Roles& now) {
  log::tell({.kind = log::EventKind::roles_changed,
             .message = "user: the roles have changed:",
             .user_id = user.id.text(),
             .user = user.name,
             .detail = roles_text(user.roles()) + " to " + roles_text(now)});
}

/// Sets of roles are kept once each, so that another place is another set.
void note_roles(const SessionUser& user, const user::Roles& now) {
  if (&user.roles() != &now && user.roles() != now) tell_roles(user, now);
}

/// Tells, once, that somebody who is logged in may not be any more.
void tell_shut_out(SessionUser& user, std::string_view reason) {
  if (!user.note_shut_out()) return;
  log::tell({.kind = log::EventKind::user_disabled,
             .message = fmt::format("user: may not log in any more ({}):", reason),
             .reason = reason,
             .user_id = user.id.text(),
             .user = user.name});
}

}  // namespace

bool SessionCache::know(const SessionUserPtr& user) {
  if (!user->known()) check(user);
  return user->known();
}

void SessionCache::check(const SessionUserPtr& user) {
  const TimePoint begun = clock_.now();
  learn(*user, users_.standing(user->id));
  // The user counts as checked only now, or another request would take what was known before for
  // new; and whatever came of the lookup, since what is known holds while the database is away.
  user->set_checked(begun);
}

void SessionCache::check(std::span<const SessionUserPtr> users) {
  std::vector<user::UserId> ids;
  ids.reserve(users.size());
  for (const auto& user : users) ids.push_back(user->id);
  const TimePoint begun = clock_.now();
  const auto standings = users_.standings(ids);
  for (std::size_t i = 0; i < users.size(); ++i) {
    learn(*users[i], standings[i]);
    users[i]->set_checked(begun);
  }
}

void SessionCache::ask_for_names(const std::function<bool()>& go_on) {
  constexpr std::size_t kNames = 100;
  const auto page = store_.page(std::nullopt);
  if (!page) return;
  std::unordered_set<std::string> names;
  for (const auto& stored : page->sessions) {
    names.insert(stored.lookup_name());
    if (names.size() == kNames) break;
  }
  for (const auto& text : names) {
    if (!go_on()) return;
    if (const auto name = user::Username::parse(text)) static_cast<void>(users_.find(*name));
  }
}

/// The table of users is asked only if a session shows another fingerprint than the user's.
void SessionCache::remove_refused(const SessionUser& user,
                                  std::vector<ListedSession>& sessions) const {
  const bool all_show = std::all_of(sessions.begin(), sessions.end(), [&](const auto& one) {
    return one.session.fingerprint == user.fingerprint();
  });
  const auto name = user::Username::parse(user.lookup_name());
  if (all_show || !name) return;
  const auto found = users_.find(*name);
  if (!found) return;
  std::erase_if(sessions, [&](const ListedSession& one) {
    return is_refused(one.session, fingerprints_, *found);
  });
}

/// Takes over what the tables of users say. If the site's table cannot be asked, what our own
/// tables say counts all the same, and the other way round. Sessions are made stale, so that the
/// store is asked and they are revoked there, if the user is disabled or gone.
void SessionCache::learn(SessionUser& user, const Result<user::Standing>& standing) {
  if (standing && standing->disabled) {
    tell_shut_out(user, "disabled");
    return user.make_sessions_stale();
  }
  const auto name = user::Username::parse(user.lookup_name());
  if (!name) return user.make_sessions_stale();
  const auto found = users_.find(*name);
  const user::User* const row = found ? row_of(user, *found) : nullptr;
  if (found && row == nullptr && !found->may_hide(user.id)) {
    tell_shut_out(user, "no_row");
    return user.make_sessions_stale();
  }
  if (standing && user.known()) note_roles(user, roles_.intern(standing->roles));
  const bool hidden = found && row == nullptr;
  if (hidden || is_about_the_query(found) || is_about_the_query(standing)) user.set_lookup_failed();
  if (row != nullptr && (standing || user.known())) user.learn_attributes(row->attributes);
  if (standing && row != nullptr) {
    user.learn(roles_.intern(standing->roles),
               fingerprints_.of(user.id, row->password_hash.view()));
  } else if (standing && user.known()) {
    user.learn_roles(roles_.intern(standing->roles));
  } else if (row != nullptr && user.known()) {
    user.learn_fingerprint(fingerprints_.of(user.id, row->password_hash.view()));
  }
}

/// The row with the user's id; null if there is none. If several rows have it, it is the one with
/// the password that is known.
const user::User* SessionCache::row_of(const SessionUser& user, const user::Matches& found) const {
  const user::User* row = nullptr;
  for (const user::User& one : found.users) {
    if (one.id != user.id) continue;
    const bool known = fingerprints_.of(one.id, one.password_hash.view()) == user.fingerprint();
    if (row == nullptr || known) row = &one;
  }
  return row;
}

}  // namespace gatehouse::session
