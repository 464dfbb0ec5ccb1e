/// The events of accounts in the table `login_event` (sql/migrations), which all hosts share.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "config/settings.h"
#include "mysql/host_lease.h"
#include "mysql/pool.h"
#include "session/events/event_store.h"

namespace gatehouse::session {

/// Thread-safe.
class MysqlEventStore final : public EventStore {
 public:
  /// The table keeps so many rows of each outcome for a user, and so many failures with names that
  /// no row has.
  static constexpr std::size_t kMostOfUser = 500;
  static constexpr std::size_t kMostOfNobody = 10'000;

  /// `pool` must outlive it. A place is known for `known_for` after a login.
  MysqlEventStore(mysql::Pool& pool, const config::Events& settings, std::chrono::seconds known_for)
      : pool_(pool), settings_(settings), known_for_(known_for) {}

  Result<std::vector<Novelty>> novelty(std::span<const Arrival> logins) override;
  Result<void> write(std::span<const WaitingEvent> events) override;
  Result<std::vector<ListedEvent>> of_user(const user::UserId& id, std::size_t most) override;
  Result<bool> clean() override;

 private:
  mysql::Pool& pool_;
  const config::Events settings_;
  const std::chrono::seconds known_for_;
  const SystemClock clock_{};
  mysql::HostLease lease_{"events"};
};

}  // namespace gatehouse::session
