/// Retries of what a transient conflict with another writer has stopped.
#pragma once

#include <chrono>
#include <thread>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// The pause before the next try. It is random, so that two that have met do not meet again, and
/// out of a range that doubles with each try: 1 to 2 ms after the first, 1 to 64 ms at most.
[[nodiscard]] std::chrono::milliseconds backoff(int tries);

/// Calls `use` with the connection and gives what that gave. While the answer is `unavailable` and
/// the connection is whole, nothing was done and the cause may pass at once (a deadlock, a lock
/// timeout, the certification conflict of two nodes): `use` is called again after a backoff, for
/// two seconds in all. Without it a login or a logout would be a 503 because somebody else has
/// written to the same row.
template <class Use>
auto retry_on_conflict(Connection& connection, const Use& use) {
  constexpr std::chrono::seconds kRetryFor{2};
  const auto until = std::chrono::steady_clock::now() + kRetryFor;
  auto outcome = use(connection);
  for (int tries = 1;
       !outcome && !connection.broken() && outcome.error().kind == Error::Kind::unavailable &&
       std::chrono::steady_clock::now() < until;
       ++tries) {
    std::this_thread::sleep_for(backoff(tries));
    outcome = use(connection);
  }
  return outcome;
}

}  // namespace gatehouse::mysql
