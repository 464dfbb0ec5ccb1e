#include "user/authenticator.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "password/readings.h"
#include "password/rehash.h"
#include "user/failure_schedule.h"

namespace gatehouse::user {
namespace {

LoginOutcome outcome_of(const password::Checked& checked) noexcept {
  if (!checked) return LoginOutcome::unreadable_hash;
  return *checked == password::Verdict::match ? LoginOutcome::accepted
                                              : LoginOutcome::wrong_password;
}

password::Row password_row(const User& user) {
  return {user.password_hash.view(), user.name, user.salt, user.scheme};
}

void log_unusable(const User& user, password::Objection objection,
                  const password::ColumnSchemes* columns) {
  const auto rows = password::readings(password_row(user), columns);
  const std::string name = rows.empty() ? "no scheme" : password::names_of(rows);
  if (objection == password::Objection::weak_refused) {
    spdlog::warn("user id {} cannot log in until password.allow_weak names {}",
                 log::quoted(user.id.text()), name);
  } else {
    spdlog::warn("the hash of user id {} ({}) cannot be used: {}", log::quoted(user.id.text()),
                 name, password::to_string(objection));
  }
}

/// When a throttled login is answered, counted from its beginning: whatever was asked meanwhile
/// takes less, and does not show.
constexpr std::chrono::milliseconds kThrottledTick{250};

/// What is asked before a hash takes a little longer for some names than for others (for one whose
/// user has logged in often). It counts as one step of this, so that it does not show.
constexpr std::chrono::milliseconds kAskingStep{20};

using SteadyTime = std::chrono::steady_clock::time_point;

/// The end of the step in which `now` lies, of steps that begin at `begin`.
SteadyTime end_of_step(SteadyTime begin, SteadyTime now, std::chrono::milliseconds step) {
  return begin + ((now - begin) / step + 1) * step;
}

std::vector<guard::Row> guard_rows(const std::vector<User>& rows) {
  std::vector<guard::Row> all;
  all.reserve(rows.size());
  for (const User& row : rows) all.push_back({row.id.text(), row.password_hash.view()});
  return all;
}

std::optional<User> only_one(std::vector<User> rows) {
  return rows.size() == 1 ? std::optional(std::move(rows.front())) : std::nullopt;
}

std::string ids_of(const std::vector<User>& rows) {
  std::string ids;
  for (const User& row : rows)
    ids.append(ids.empty() ? "" : ", ").append(log::quoted(row.id.text()));
  return ids;
}

}  // namespace

std::string_view to_string(LoginOutcome outcome) noexcept {
  switch (outcome) {
    case LoginOutcome::accepted:
      return "accepted";
    case LoginOutcome::unknown_user:
      return "unknown user";
    case LoginOutcome::wrong_password:
      return "wrong password";
    case LoginOutcome::unreadable_hash:
      return "unreadable hash";
    case LoginOutcome::ambiguous:
      return "ambiguous";
    case LoginOutcome::disabled:
      return "disabled";
    case LoginOutcome::closed_row:
      return "not looked at after too many failures of strangers";
    case LoginOutcome::throttled:
      return "throttled";
    case LoginOutcome::unavailable:
      return "unavailable";
  }
  return "";
}

Authenticator::Authenticator(UserDirectory& directory, const password::Verifier& verifier,
                             HashObserver& observer, guard::LoginGuard& guard)
    : directory_(directory), verifier_(verifier), observer_(observer), guard_(guard) {}

Login Authenticator::check(const Username& name, const Secret& password, const guard::Asker& asker,
                           const std::optional<UserId>& only) {
  const auto begin = std::chrono::steady_clock::now();
  const auto name_key = directory_.name_key(name);
  if (!name_key) return {.outcome = LoginOutcome::unavailable};
  auto found = candidates(name, only);
  if (!found) return {.outcome = LoginOutcome::unavailable};
  const auto rows = guard_rows(found->rows);
  auto permit =
      guard_.ask({.name_key = *name_key, .asker = asker, .rows = rows, .others = found->others});
  if (!permit) {
    return {.outcome = LoginOutcome::throttled,
            .user = only_one(std::move(found->rows)),
            .answer_at = begin + kThrottledTick,
            .retry_after = permit.error()};
  }
  const auto asked = end_of_step(begin, std::chrono::steady_clock::now(), kAskingStep);
  const auto hashing = std::chrono::steady_clock::now();
  const Secret typed = verifier_.transform().text(password);
  password::Verifier::Attempt attempt(verifier_, typed);
  const bool closes = !found->rows.empty() && permit->closes();
  Login login = judge(std::move(*found), typed, attempt, *std::move(permit));
  if (login.outcome != LoginOutcome::accepted && login.outcome != LoginOutcome::unavailable) {
    login.closes = closes;
    const std::size_t most = directory_.most_rows();
    try {
      attempt.fail(most);
    } catch (const password::CoreRefused&) {
      return {.outcome = LoginOutcome::unavailable};
    }
    FailureSchedule schedule(hashing, attempt.crowding_at_begin(), attempt.tick() * most);
    const auto asking = asked - hashing;
    login.answer_at =
        schedule.first(std::chrono::steady_clock::now(), password::crowding()) + asking;
    login.not_yet = [schedule, asking]() mutable -> std::optional<SteadyTime> {
      const auto now = std::chrono::steady_clock::now();
      const auto later = schedule.later(now - asking, password::crowding());
      return later ? std::optional(*later + asking) : std::nullopt;
    };
  }
  return login;
}

/// An error if the database cannot be asked, or tells of nobody but rows that cannot be read.
Result<Authenticator::Candidates> Authenticator::candidates(const Username& name,
                                                            const std::optional<UserId>& only) {
  auto found = directory_.find(name);
  if (!found && found.error().kind == Error::Kind::refused) {
    spdlog::warn("login: nobody can log in: {}", found.error().what);
    return Candidates{.rows = {}, .too_many = true};
  }
  if (!found) return tl::unexpected(std::move(found.error()));
  const bool others =
      only && std::erase_if(found->users, [&](const User& user) { return user.id != *only; }) > 0;
  if (found->users.empty() && !found->unreadable.empty()) {
    return fail(Error::Kind::failed, found->unreadable.front().what);
  }
  return Candidates{.rows = std::move(found->users), .others = others};
}

/// Finds the outcome and settles the permit. check() adds what a failure costs, alike for each
/// reason.
Login Authenticator::judge(Candidates found, const Secret& typed,
                           password::Verifier::Attempt& attempt, guard::Permit permit) {
  if (found.too_many) return {.outcome = LoginOutcome::ambiguous};
  if (found.rows.empty()) return {.outcome = LoginOutcome::unknown_user};
  try {
    return judge_rows(std::move(found.rows), typed, attempt, permit);
  } catch (const password::CoreRefused&) {
    std::move(permit).give_back();
    return {.outcome = LoginOutcome::unavailable};
  }
}

Login Authenticator::judge_rows(std::vector<User> rows, const Secret& typed,
                                password::Verifier::Attempt& attempt, guard::Permit& permit) {
  if (rows.size() > kMostTriedRows) {
    spdlog::warn("login: nobody can log in with a name that has {} rows: the user ids {}",
                 rows.size(), ids_of(rows));
    return {.outcome = LoginOutcome::ambiguous};
  }
  std::vector<password::Checked> verdicts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // No login takes an empty password, nor one that the transform makes empty.
    const bool tried = !typed.empty() && permit.tries(i);
    verdicts.push_back(tried ? attempt.verify(password_row(rows[i])) : password::Verdict::mismatch);
    if (!verdicts.back()) {
      log_unusable(rows[i], verdicts.back().error(), verifier_.policy().columns.get());
    }
  }
  const auto matches = std::count(verdicts.begin(), verdicts.end(), password::Verdict::match);
  if (matches == 1) {
    const auto match = static_cast<std::size_t>(
        std::find(verdicts.begin(), verdicts.end(), password::Verdict::match) - verdicts.begin());
    Login login = admit(std::move(rows[match]));
    if (login.outcome == LoginOutcome::accepted) {
      std::move(permit).accept(match);
    } else if (login.outcome == LoginOutcome::unavailable) {
      std::move(permit).give_back();
    }
    return login;
  }
  if (matches > 1) {
    spdlog::warn(
        "login: nobody can log in with a name and password that several rows have: the user ids {}",
        ids_of(rows));
    return {.outcome = LoginOutcome::ambiguous};
  }
  if (rows.size() > 1) return {.outcome = LoginOutcome::wrong_password};
  const auto outcome = permit.tries(0) ? outcome_of(verdicts.front()) : LoginOutcome::closed_row;
  return {.outcome = outcome, .user = std::move(rows.front())};
}

/// Decides whether somebody whose password was right may log in.
Login Authenticator::admit(User user) {
  auto standing = directory_.standing(user.id);
  if (!standing) return {.outcome = LoginOutcome::unavailable};
  return {.outcome = standing->disabled ? LoginOutcome::disabled : LoginOutcome::accepted,
          .user = std::move(user),
          .roles = std::move(standing->roles)};
}

bool Authenticator::strengthen(const User& user, const Secret& password) try {
  if (!directory_.writes()) return false;
  const Secret typed = as_hashed(user, password);
  auto upgraded = password::upgraded_hash(typed, password_row(user), verifier_.policy());
  if (!upgraded) return false;
  const Secret hash(std::move(*upgraded));
  const auto replaced = replace(user, hash, observer_);
  if (!replaced) {
    spdlog::error("the hash of user id {} could not be made stronger: {}",
                  log::quoted(user.id.text()), replaced.error().what);
    return false;
  }
  if (!*replaced) follow(user, password);
  return *replaced;
} catch (const password::CoreRefused&) {
  return false;  // the next login does it
}

Result<void> Authenticator::change_password(const User& user, const Secret& current,
                                            const Secret& fresh, HashObserver& observer) {
  auto changed = try_change(user, current, fresh, observer);
  if (changed && !*changed) {
    const auto now = rehashed_row(user, current);
    if (!now) return tl::unexpected(now.error());
    if (*now) changed = try_change(**now, current, fresh, observer);
  }
  if (!changed) return tl::unexpected(changed.error());
  if (*changed) return {};
  return fail(Error::Kind::invalid, "somebody else has changed the password meanwhile");
}

/// False if the row holds another hash than `user` by now.
Result<bool> Authenticator::try_change(const User& user, const Secret& current, const Secret& fresh,
                                       HashObserver& observer) {
  const Secret of_old = as_hashed(user, current);
  auto made = password::changed_hash(as_hashed(user, fresh), password_row(user), verifier_.policy(),
                                     &of_old);
  if (!made) return tl::unexpected(std::move(made.error()));
  return replace(user, Secret(std::move(*made)), observer);
}

/// The password as a new hash of that row is made of it.
Secret Authenticator::as_hashed(const User& user, const Secret& password) const {
  const password::Transform& transform = verifier_.transform();
  Secret text = transform.text(password);
  return transform.mixes() ? transform.apply(text, password_row(user)) : std::move(text);
}

/// False if the row holds another hash by now.
Result<bool> Authenticator::replace(const User& user, const Secret& hash, HashObserver& observer) {
  if (auto told = observer.before_change(user, hash); !told) {
    return tl::unexpected(std::move(told.error()));
  }
  auto replaced = directory_.replace_hash(user.id, user.password_hash, hash);
  // If the connection closed during the first of two tries, that try may have done it.
  if (replaced && !*replaced) replaced = holds(user, hash);
  if (replaced && *replaced) {
    observer.after_change(user, hash);
    password::Row row = password_row(user);
    row.hash = hash.view();
    verifier_.note(row);
  }
  return replaced;
}

Result<bool> Authenticator::holds(const User& user, const Secret& hash) {
  const auto now = row_of(user);
  if (!now) return tl::unexpected(now.error());
  return *now && (*now)->password_hash.equals(hash.view());
}

/// Called when another login of the same user has rewritten the hash first. This login's session
/// began under the old hash; it is told of the new one, if that is of the same password, and so
/// goes on.
void Authenticator::follow(const User& user, const Secret& password) {
  const auto now = rehashed_row(user, password);
  if (!now || !*now) return;
  const Secret& hash = (*now)->password_hash;
  if (observer_.before_change(user, hash)) observer_.after_change(user, hash);
}

/// Gives the user's row if it holds another hash than `user` by now, of the same password.
Result<std::optional<User>> Authenticator::rehashed_row(const User& user, const Secret& password) {
  auto now = row_of(user);
  if (!now || !*now) return now;
  const Secret& hash = (*now)->password_hash;
  if (hash.equals(user.password_hash.view()) ||
      verifier_.verify(verifier_.transform().text(password), password_row(**now)) !=
          password::Verdict::match) {
    return std::nullopt;
  }
  return now;
}

/// Gives the user's row as it is now, looked up by the name that found it before. If several rows
/// have the id, it is the one that holds the same hash.
Result<std::optional<User>> Authenticator::row_of(const User& user) {
  const auto name = Username::parse(user.lookup_name());
  if (!name) return fail(Error::Kind::invalid, name.error().what);
  auto found = directory_.find(*name);
  if (!found) return tl::unexpected(std::move(found.error()));
  std::optional<User> now;
  for (User& row : found->users) {
    if (row.id != user.id) continue;
    if (!now || row.password_hash.equals(user.password_hash.view())) now = std::move(row);
  }
  return now;
}

}  // namespace gatehouse::user
