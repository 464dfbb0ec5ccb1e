/// Keeps map and store in agreement, by polls, reading back, write-behind and the sweep.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "session/parts.h"

namespace gatehouse::session {

/// The steps of the synchronisation. Each is a call that takes as long as the database; SyncThreads
/// makes them in time. poll() may run beside the others, which are for one thread.
class Synchronisation {
 public:
  struct Settings {
    std::chrono::seconds user_max_age{30};
    /// How often the last use of a session is written. Until then it is unknown to other hosts, and
    /// a crash loses it: then the use before it counts.
    std::chrono::seconds write_interval{30};
    /// How far back a poll looks, by the store's clock: a commit may be late, and clocks differ.
    std::chrono::seconds window{30};
  };
  /// Last uses are written every twentieth of the idle time, 1 to 30 s.
  [[nodiscard]] static Settings settings_of(const config::Session& session,
                                            std::chrono::seconds user_max_age);

  /// `parts` must outlive this object.
  Synchronisation(Settings settings, Parts& parts);

  /// Learns what was revoked, here and on other hosts, since `window` before the last poll that
  /// succeeded. If the store has gone back in time (Revocations::went_back), all sessions are
  /// revoked: nobody knows which of them the store has forgotten to be revoked.
  Result<void> poll();
  /// Fills the map from the store, the latest logins first, after a first poll. Stops if the map is
  /// full or `go_on` says false. Gives the number of sessions.
  Result<std::size_t> read_back(const std::function<bool()>& go_on);
  /// Set while read_back() runs (SessionMap::keep_tombstones).
  void keep_tombstones(bool keep) { map_.keep_tombstones(keep); }
  /// Write-behind: writes the last uses of one part of the map since they were last written, 500 at
  /// a time and for as long as `go_on` says true, and begins the next call where it ended, or with
  /// the next part. True if all of that part is written. What could not be written is written in
  /// the next round.
  Result<bool> write_some_uses(const std::function<bool()>& go_on);
  /// Writes those of all parts, for as long as `go_on` says true; gives the last error.
  Result<void> write_uses(const std::function<bool()>& go_on);
  /// Tells the store of the revocations that it could not be told of. True if none is left.
  bool retry_revocations() { return cache_.retry_revocations(); }
  /// Looks up the users of sessions in use before what is known of them is older than user_max_age,
  /// namely after two thirds of it, so that their requests need not wait. It asks in batches,
  /// several at a time. `go_on` is called by several threads.
  void check_users(const std::function<bool()>& go_on);
  /// The sweep: asks the store whether the sessions of one part of the map are revoked, 500 at a
  /// time and for as long as `go_on` says true, and begins the next call where it ended, or with
  /// the next part. True if all of that part is swept. A round of all parts finds what no poll has
  /// seen.
  Result<bool> sweep(const std::function<bool()>& go_on);
  [[nodiscard]] std::size_t parts() const noexcept { return map_.shards(); }
  /// Does what SessionCache::ask_for_names does.
  void ask_for_names(const std::function<bool()>& go_on) { cache_.ask_for_names(go_on); }
  Result<void> purge() { return store_.purge(); }

  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] Memory& memory() const noexcept { return memory_; }

 private:
  std::size_t restore(const std::vector<StoredSession>& sessions, TimePoint now);
  void read_uses_of_next_part();
  Result<void> write(std::span<const SessionMap::Use> uses);
  Result<void> sweep(std::span<const SessionId> ids);
  Result<void> catch_up(const Revocations& revocations);
  Result<void> revoke_everything(Epoch stored_site_epoch);
  void check_changed(const std::vector<UserRevocation>& users);

  const Settings settings_;
  const Clock& clock_;
  SessionStore& store_;
  Memory& memory_;
  SessionMap& map_;
  SessionCache& cache_;
  Freshness& freshness_;
  TimePoint polled_;        ///< at first, when the process last did, perhaps under other settings
  bool went_back_ = false;  ///< the store has, and not everything is revoked yet
  /// UserRevocation::changes as the last poll read them.
  std::unordered_map<user::UserId, std::uint32_t, user::UserId::Hash> changes_;
  /// Uses of one part of the map that are being written.
  struct Writing {
    std::size_t part = 0;
    TimePoint read_at;
    std::vector<SessionMap::Use> left;
  };
  Writing writing_;
  std::size_t next_to_write_ = 0;
  std::vector<SessionId> left_to_sweep_;  ///< what is left of the part that is being swept
};

}  // namespace gatehouse::session
