/// The part of SessionCache that looks users up.
#include "session/memory/session_cache.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace gatehouse::session {
namespace {

/// Whether the database answered, with something else than what it was asked for.
template <class T>
bool is_about_the_query(const Result<T>& answer) {
  return !answer && answer.error().kind != Error::Kind::unavailable;
}

}  // namespace

bool SessionCache::know(const SessionUserPtr& user) {
  if (!user->known()) check(user);
  return user->known();
}

void SessionCache::check(const SessionUserPtr& user) {
  const TimePoint begun = clock_.now();
  look_up(*user, users_.standing(user->id));
  // After it: until then no other request takes what is known for new. And whatever came of it:
  // while the database does not answer, what is known holds.
  user->set_checked(begun);
}

void SessionCache::check(std::span<const SessionUserPtr> users) {
  std::vector<user::UserId> ids;
  ids.reserve(users.size());
  for (const auto& user : users) ids.push_back(user->id);
  const TimePoint begun = clock_.now();
  const auto standings = users_.standings(ids);
  for (std::size_t i = 0; i < users.size(); ++i) {
    look_up(*users[i], standings[i]);
    users[i]->set_checked(begun);
  }
}

void SessionCache::ask_for_names(const std::function<bool()>& go_on) {
  constexpr std::size_t kNames = 100;
  const auto page = store_.page(std::nullopt);
  if (!page) return;
  std::unordered_set<std::string> names;
  for (const auto& stored : page->sessions) {
    names.insert(stored.login_name.empty() ? stored.username : stored.login_name);
    if (names.size() == kNames) break;
  }
  for (const auto& text : names) {
    if (!go_on()) return;
    if (const auto name = user::Username::parse(text)) static_cast<void>(users_.find(*name));
  }
}

/// Where the site's table cannot be asked, what our own tables say holds all the same, and the
/// other way round.
void SessionCache::look_up(SessionUser& user, const Result<user::Standing>& standing) {
  if (standing && standing->disabled) return user.mark_stale();
  const auto name = user::Username::parse(user.asked_by());
  if (!name) return user.mark_stale();
  const auto found = users_.find(*name);
  const user::User* const row = found ? row_of(user, *found) : nullptr;
  if (found && row == nullptr && !found->may_hide(user.id)) return user.mark_stale();
  const bool hidden = found && row == nullptr;
  if (hidden || is_about_the_query(found) || is_about_the_query(standing)) user.set_refused();
  if (standing && row != nullptr) {
    user.learn(roles_.intern(standing->roles), fingerprints_.of(user.id, row->password.view()));
  } else if (standing && user.known()) {
    user.learn_roles(roles_.intern(standing->roles));
  } else if (row != nullptr && user.known()) {
    user.learn_fingerprint(fingerprints_.of(user.id, row->password.view()));
  }
}

/// The row with the user's id; of several, the one with the password that is known. Null if there
/// is none.
const user::User* SessionCache::row_of(const SessionUser& user, const user::Matches& found) const {
  const user::User* row = nullptr;
  for (const user::User& one : found.users) {
    if (one.id != user.id) continue;
    const bool known = fingerprints_.of(one.id, one.password.view()) == user.fingerprint();
    if (row == nullptr || known) row = &one;
  }
  return row;
}

}  // namespace gatehouse::session
