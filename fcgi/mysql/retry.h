/// What another's write stopped, done once more.
#pragma once

#include <chrono>
#include <thread>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// By chance, so that those that met do not meet again; longer with the number of tries: 64 ms at
/// most.
[[nodiscard]] std::chrono::milliseconds pause_after(int tries);

/// Gives what `use`, which takes the connection, gave; it is called again, for two seconds, where
/// it stopped for what may pass at once (and nothing was done): a deadlock, the conflict of two
/// nodes, a lock.
template <class Use>
auto persistently(Connection& connection, const Use& use) {
  constexpr std::chrono::seconds kTryFor{2};
  const auto until = std::chrono::steady_clock::now() + kTryFor;
  auto outcome = use(connection);
  for (int tries = 1;
       !outcome && !connection.broken() && outcome.error().kind == Error::Kind::unavailable &&
       std::chrono::steady_clock::now() < until;
       ++tries) {
    std::this_thread::sleep_for(pause_after(tries));
    outcome = use(connection);
  }
  return outcome;
}

}  // namespace gatehouse::mysql
