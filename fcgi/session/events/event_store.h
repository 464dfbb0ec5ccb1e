/// Where the events of accounts are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "session/events/event_queue.h"
#include "session/events/login_event.h"
#include "user/user.h"

namespace gatehouse::session {

/// The table `login_event`, or its stand-in in tests. Errors as SessionStore: `unavailable` if it
/// does not answer, `failed` if the table, or a right to it, is missing. Thread-safe.
class EventStore {
 public:
  static constexpr std::size_t kMostAtOnce = 500;

  virtual ~EventStore() = default;

  /// Tells what was new to the account of each of these logins, at most kMostAtOnce. It must be
  /// asked before their places are noted (SessionStore::note_logins).
  virtual Result<std::vector<Novelty>> novelty(std::span<const Arrival> logins) = 0;
  /// Writes events, at most kMostAtOnce. One whose id is there already is brought up to date, so
  /// that to write an event twice is the same as once, and counts of a minute may grow.
  virtual Result<void> write(std::span<const WaitingEvent> events) = 0;
  /// The latest events of a user, the last first: at most `most` that succeeded, and as many that
  /// failed, so that neither displace the others.
  virtual Result<std::vector<ListedEvent>> of_user(const user::UserId& id, std::size_t most) = 0;
  /// Removes what is too old or too much, a few thousand rows at most. True if there is more to
  /// remove. One host at a time does so.
  virtual Result<bool> clean() = 0;
};

}  // namespace gatehouse::session
