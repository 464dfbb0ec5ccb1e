#include "session/sync/synchronisation.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <span>
#include <system_error>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

microseconds whole(BootTime::duration duration) {
  return std::chrono::duration_cast<microseconds>(duration);
}

/// Works off what is left, some at a time, for as long as `go_on` says true. A chunk for which
/// `step` fails is left.
template <class Item, class Step>
Result<void> in_chunks(std::vector<Item>& left, const std::function<bool()>& go_on,
                       const Step& step) {
  constexpr std::size_t kChunk = 500;
  while (!left.empty()) {
    const std::size_t count = std::min(kChunk, left.size());
    if (Result<void> done = step(std::span<const Item>(left).last(count)); !done) return done;
    left.erase(left.end() - static_cast<std::ptrdiff_t>(count), left.end());
    if (!go_on()) break;
  }
  return {};
}

/// Runs `work` on this thread and on up to `more` others, at most three, if the system gives them.
void in_parallel(std::size_t more, const std::function<void()>& work) {
  constexpr std::size_t kMost = 3;
  const auto guarded = [&] {
    try {
      work();
    } catch (const std::exception& error) {
      spdlog::error("users cannot be checked: {}", error.what());
    }
  };
  std::vector<std::jthread> threads;
  try {
    while (threads.size() < std::min(more, kMost)) threads.emplace_back(guarded);
  } catch (const std::system_error& error) {
    spdlog::debug("check of users with {} threads: {}", threads.size() + 1, error.what());
  }
  guarded();
}

}  // namespace

Synchronisation::Settings Synchronisation::settings_of(const config::Session& session,
                                                       std::chrono::seconds user_max_age) {
  constexpr std::chrono::seconds kLeast{1};
  constexpr std::chrono::seconds kMost{30};
  constexpr int kPart = 20;
  const auto idle = std::min(session.idle_timeout, session.remember_idle_timeout);
  return {.user_max_age = user_max_age, .write_interval = std::clamp(idle / kPart, kLeast, kMost)};
}

Synchronisation::Synchronisation(Settings settings, Parts& parts)
    : settings_(settings),
      clock_(parts.clock),
      store_(parts.store),
      memory_(*parts.memory),
      map_(parts.map),
      cache_(parts.cache),
      freshness_(parts.freshness),
      polled_(freshness_.known()) {}

Result<void> Synchronisation::poll() {
  const TimePoint now = clock_.now();
  const auto revocations = store_.revocations(whole(now - polled_ + settings_.window));
  if (!revocations) return tl::unexpected(revocations.error());
  if (auto caught_up = catch_up(*revocations); !caught_up) return caught_up;
  map_.revoke_all(revocations->site_epoch);
  for (const SessionId& id : revocations->sessions) map_.revoke(id);
  for (const auto& user : revocations->users) map_.revoke_user(user.id, user.epoch);
  check_changed(revocations->users);
  polled_ = now;
  freshness_.note(now);
  return {};
}

/// Tells the store of revocations that it has forgotten.
Result<void> Synchronisation::catch_up(const Revocations& revocations) {
  went_back_ = went_back_ || revocations.went_back;
  if (went_back_) return revoke_everything(revocations.site_epoch);
  if (auto taught = cache_.teach_site_epoch(revocations.site_epoch); !taught) return taught;
  const Epoch site_epoch = map_.known_site_epoch();
  for (const auto& user : revocations.users) {
    if (auto taught = cache_.teach_epochs(user.id, {user.epoch, site_epoch}); !taught) {
      return taught;
    }
  }
  return {};
}

/// Revokes all sessions of the site, by an epoch that is the same on every host that notices that
/// the store has gone back: a login that follows the first of them outlives the others.
Result<void> Synchronisation::revoke_everything(Epoch stored_site_epoch) {
  const Epoch epoch = next(std::max(map_.known_site_epoch(), stored_site_epoch));
  const auto raised = store_.raise_site_epoch(epoch);
  if (!raised) return tl::unexpected(raised.error());
  map_.revoke_all(epoch);
  went_back_ = false;
  spdlog::error(
      "the tables in MySQL are older than before (was a backup restored, or a replica promoted?). "
      "They lack the latest logouts, so all sessions are revoked: everybody must log in again");
  return {};
}

/// Looks up the users for whom something has changed since the last poll.
void Synchronisation::check_changed(const std::vector<UserRevocation>& users) {
  std::unordered_map<user::UserId, std::uint32_t, user::UserId::Hash> changes;
  for (const auto& user : users) {
    changes.emplace(user.id, user.changes);
    const auto before = changes_.find(user.id);
    if (before != changes_.end() && before->second == user.changes) continue;
    for (const auto& known : map_.users_of(user.id)) cache_.check(known);
  }
  changes_ = std::move(changes);
}

/// While one page goes into the map, a thread reads the next, since both take about as long. If no
/// thread can be had, one comes after the other.
Result<std::size_t> Synchronisation::read_back(const std::function<bool()>& go_on) {
  const auto read = [this](std::optional<std::uint64_t> from) {
    auto page = store_.page(from);
    return std::pair(std::move(page), clock_.now());
  };
  std::size_t count = 0;
  auto next = std::async(std::launch::deferred, read, std::nullopt);
  while (next.valid()) {
    const auto [page, now] = next.get();
    if (!page) return tl::unexpected(page.error());
    if (page->next && go_on())
      next = std::async(std::launch::async | std::launch::deferred, read, page->next);
    count += restore(page->sessions, now);
  }
  map_.settle();
  return count;
}

/// Gives how many of the sessions the map took.
std::size_t Synchronisation::restore(const std::vector<StoredSession>& sessions, TimePoint now) {
  return static_cast<std::size_t>(
      std::count_if(sessions.begin(), sessions.end(), [&](const StoredSession& stored) {
        return map_.restore({.id = stored.id,
                             .user = map_.user(stored.user_id, stored.username, stored.login_name),
                             .kind = stored.kind,
                             .created = now - stored.since_login,
                             .last_used = now - stored.since_use,
                             .fingerprint = stored.fingerprint,
                             .epochs = stored.epochs,
                             .login_time_known = stored.login_time_known}) ==
               SessionMap::Insertion::done;
      }));
}

void Synchronisation::read_uses_of_next_part() {
  writing_.part = next_to_write_;
  writing_.read_at = clock_.now();
  next_to_write_ = (next_to_write_ + 1) % parts();
  const TimePoint since =
      memory_.uses_written.with([&](const auto& written) { return written[writing_.part]; });
  writing_.left = map_.used_since(writing_.part, since);
  std::sort(writing_.left.begin(), writing_.left.end(),
            [](const auto& a, const auto& b) { return a.id.bytes < b.id.bytes; });
}

Result<bool> Synchronisation::write_some_uses(const std::function<bool()>& go_on) {
  if (writing_.left.empty()) read_uses_of_next_part();
  auto written = in_chunks(writing_.left, go_on, [&](auto chunk) { return write(chunk); });
  if (!written) {
    writing_.left.clear();
    return tl::unexpected(written.error());
  }
  if (!writing_.left.empty()) return false;
  memory_.uses_written.with([&](auto& all) {
    TimePoint& known = all[writing_.part];
    known = std::max(known, writing_.read_at);
  });
  return true;
}

Result<void> Synchronisation::write_uses(const std::function<bool()>& go_on) {
  Result<void> result;
  const std::size_t calls = parts() + (writing_.left.empty() ? 0 : 1);
  for (std::size_t call = 0; call < calls && go_on(); ++call) {
    const auto written = write_some_uses(go_on);
    if (!written) result = tl::unexpected(written.error());
  }
  return result;
}

Result<void> Synchronisation::write(std::span<const SessionMap::Use> uses) {
  const TimePoint now = clock_.now();
  std::vector<StoredUse> stored;
  stored.reserve(uses.size());
  for (const auto& use : uses)
    stored.push_back(
        {use.id, whole(std::max<BootTime::duration>(now - use.last_used, BootTime::duration(0)))});
  return store_.note_uses(stored);
}

void Synchronisation::check_users(const std::function<bool()>& go_on) {
  constexpr std::size_t kBatch = 100;  // as many as MysqlStandings asks for at once
  const TimePoint before = clock_.now() - settings_.user_max_age * 2 / 3;
  const auto users = map_.users_to_check(before, before);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t at = next.fetch_add(kBatch); at < users.size() && go_on();
         at = next.fetch_add(kBatch)) {
      cache_.check(std::span(users).subspan(at, std::min(kBatch, users.size() - at)));
    }
  };
  in_parallel(users.size() / kBatch, work);
}

Result<bool> Synchronisation::sweep(const std::function<bool()>& go_on) {
  if (left_to_sweep_.empty()) {
    const std::size_t part = memory_.next_to_sweep++ % parts();
    if (part == 0) map_.forget_unused_users();
    left_to_sweep_ = map_.ids(part);
  }
  return in_chunks(left_to_sweep_, go_on, [&](auto chunk) { return sweep(chunk); }).map([&] {
    return left_to_sweep_.empty();
  });
}

Result<void> Synchronisation::sweep(std::span<const SessionId> ids) {
  const auto not_revoked = store_.not_revoked(ids);
  if (!not_revoked) return tl::unexpected(not_revoked.error());
  if (not_revoked->size() == ids.size()) return {};
  const std::unordered_set<SessionId, SessionId::Hash> left(not_revoked->begin(),
                                                            not_revoked->end());
  for (const SessionId& id : ids) {
    if (!left.contains(id)) map_.forget(id);
  }
  return {};
}

}  // namespace gatehouse::session
