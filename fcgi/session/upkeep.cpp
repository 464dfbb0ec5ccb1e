#include "session/upkeep.h"

#include <algorithm>
#include <future>
#include <unordered_set>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

microseconds whole(BootTime::duration duration) {
  return std::chrono::duration_cast<microseconds>(duration);
}

}  // namespace

Result<void> Upkeep::poll() {
  const TimePoint now = cache_.clock().now();
  const auto endings = cache_.store().endings(whole(now - polled_ + settings_.window));
  if (!endings) return tl::unexpected(endings.error());
  SessionMap& map = cache_.map();
  map.end_all(endings->site_epoch);
  for (const SessionId& id : endings->sessions) map.end(id);
  for (const auto& user : endings->users) map.end_user(user.id, user.epoch);
  check_changed(endings->users);
  polled_ = now;
  freshness_.note(now);
  return {};
}

/// Those whose roles have changed, or the like, since the last poll.
void Upkeep::check_changed(const std::vector<UserEnding>& users) {
  std::unordered_map<user::UserId, std::uint32_t> changes;
  for (const auto& user : users) {
    changes.emplace(user.id, user.changes);
    const auto before = changes_.find(user.id);
    if (before != changes_.end() && before->second == user.changes) continue;
    for (const auto& known : cache_.map().users_of(user.id)) cache_.check(known);
  }
  changes_ = std::move(changes);
}

/// While one page goes into the map the next is on its way: each takes about as long. Where no
/// thread can be made for that, one comes after the other.
Result<std::size_t> Upkeep::read_back(const std::function<bool()>& go_on) {
  const auto read = [this](std::optional<std::uint64_t> from) {
    auto page = cache_.store().page(from);
    return std::pair(std::move(page), cache_.clock().now());
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
  cache_.map().settle();
  return count;
}

/// Gives the number of those that the map took.
std::size_t Upkeep::restore(const std::vector<StoredSession>& sessions, TimePoint now) {
  SessionMap& map = cache_.map();
  return static_cast<std::size_t>(
      std::count_if(sessions.begin(), sessions.end(), [&](const StoredSession& stored) {
        return map.restore({.id = stored.id,
                            .user = map.user(stored.user_id, stored.username),
                            .kind = stored.kind,
                            .created = now - stored.since_login,
                            .last_used = now - stored.since_use,
                            .fingerprint = stored.fingerprint,
                            .epochs = stored.epochs,
                            .login_time_known = stored.login_time_known}) ==
               SessionMap::Insertion::done;
      }));
}

Result<void> Upkeep::write_uses() {
  const TimePoint now = cache_.clock().now();
  auto uses = cache_.map().used_since(written_);
  std::vector<StoredUse> stored;
  stored.reserve(uses.size());
  std::sort(uses.begin(), uses.end(),
            [](const auto& a, const auto& b) { return a.id.bytes < b.id.bytes; });
  for (const auto& use : uses)
    stored.push_back(
        {use.id, whole(std::max<BootTime::duration>(now - use.last_used, BootTime::duration(0)))});
  auto written = cache_.store().note_uses(stored);
  if (written) written_ = now;
  return written;
}

void Upkeep::check_users(const std::function<bool()>& go_on) {
  const TimePoint now = cache_.clock().now();
  const TimePoint before = now - settings_.user_max_age * 2 / 3;
  for (const auto& user : cache_.map().users_to_check(before, before)) {
    if (!go_on()) return;
    cache_.check(user);
  }
}

Result<void> Upkeep::sweep() {
  constexpr std::size_t kChunk = 500;
  SessionMap& map = cache_.map();
  const auto ids = map.ids(next_part_);
  for (std::size_t at = 0; at < ids.size(); at += kChunk) {
    const auto chunk = std::span(ids).subspan(at, std::min(kChunk, ids.size() - at));
    const auto not_ended = cache_.store().not_ended(chunk);
    if (!not_ended) return tl::unexpected(not_ended.error());
    const std::unordered_set<SessionId> left(not_ended->begin(), not_ended->end());
    for (const SessionId& id : chunk) {
      if (!left.contains(id)) map.forget(id);
    }
  }
  next_part_ = (next_part_ + 1) % map.shards();
  if (next_part_ == 0) map.forget_unused_users();
  return {};
}

}  // namespace gatehouse::session
