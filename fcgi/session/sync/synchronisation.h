/// What must be done now and then so that map and store agree.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "session/memory/session_cache.h"
#include "session/sessions.h"

namespace gatehouse::session {

/// The steps, each a call that takes as long as the database; sync_threads.h calls them in time.
/// `poll` may run beside the others, which are for one thread.
class Synchronisation {
 public:
  struct Settings {
    std::chrono::seconds user_max_age{30};
    /// Last uses are written so often: another host, or the process after a crash, may take a
    /// session for unused for so much longer than it was.
    std::chrono::seconds write_interval{5};
    /// How far back each poll looks by the store's clock: a commit may be late, clocks differ.
    std::chrono::seconds window{30};
  };

  Synchronisation(Settings settings, SessionCache& cache, Freshness& freshness)
      : settings_(settings),
        cache_(cache),
        freshness_(freshness),
        polled_(cache.clock().now()),
        written_(polled_) {}

  /// Learns what was ended, here and elsewhere, since the last poll that succeeded and `window`
  /// before it. Where the store has gone back in time (Revocations::went_back) all sessions are
  /// revoked: nobody knows which of them were before.
  Result<void> poll();
  [[nodiscard]] std::chrono::seconds write_interval() const noexcept {
    return settings_.write_interval;
  }
  /// Fills the map from the store, the latest logins first; poll before it. Stops where the map is
  /// full, and when `go_on` says false. Gives the number.
  Result<std::size_t> read_back(const std::function<bool()>& go_on);
  /// Held while it reads: see SessionMap.
  void keep_tombstones(bool keep) { cache_.map().keep_tombstones(keep); }
  /// Writes the last uses since the last writing.
  Result<void> write_uses();
  /// Tells the store what it could not note. False if it still could not note all.
  bool retry_revocations() { return cache_.retry_revocations(); }
  /// Looks up the users of sessions in use whose last look-up is older than two thirds of
  /// user_max_age, so that their requests need not: in batches, several at a time, since each
  /// look-up waits for MySQL. `go_on` is called by several threads.
  void check_users(const std::function<bool()>& go_on);
  /// Asks the store whether the sessions of one part of the map were ended, and goes on to the
  /// next. `parts` of them are all.
  Result<void> sweep();
  [[nodiscard]] std::size_t parts() noexcept { return cache_.map().shards(); }
  /// Asks the table of users for the names of the last 100 sessions, so that their directory learns
  /// how many rows a name has (UserDirectory::most_rows).
  void ask_for_names(const std::function<bool()>& go_on) { cache_.ask_for_names(go_on); }
  [[nodiscard]] const Clock& clock() const noexcept { return cache_.clock(); }
  Result<void> purge() { return cache_.store().purge(); }

 private:
  std::size_t restore(const std::vector<StoredSession>& sessions, TimePoint now);
  Result<void> catch_up(const Revocations& revocations);
  void check_changed(const std::vector<UserRevocation>& users);

  const Settings settings_;
  SessionCache& cache_;
  Freshness& freshness_;
  TimePoint polled_;
  bool went_back_ = false;                                   ///< and not everything is revoked yet
  std::unordered_map<user::UserId, std::uint32_t> changes_;  ///< of the last poll
  TimePoint written_;  ///< from the start on: what is read back was not used here
  std::size_t next_part_ = 0;
};

}  // namespace gatehouse::session
