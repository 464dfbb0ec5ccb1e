/// Connections shared by the threads of the slow lanes, and the knowledge whether MySQL is there.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "config/settings.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// While MySQL is away (a connection failed or broke) every use is `unavailable` at once, and a
/// thread of the pool's own tries to connect four times a second; so no queue of requests waits a
/// time-out each, and all recovers within a second of MySQL's return. Each change is logged once.
/// Thread-safe. Nobody waits for a connection of another: there are as many as threads have used
/// at the same time, kept for the next.
class Pool {
 public:
  /// Calls Connection::start_library and tries one connection, at most Mysql::connect_timeout:
  /// for the main thread, before any other. MySQL may be away.
  Pool(config::Mysql settings, Secret password);
  Pool(const Pool&) = delete;
  Pool(Pool&&) = delete;
  Pool& operator=(const Pool&) = delete;
  Pool& operator=(Pool&&) = delete;
  /// No use may be under way. Waits for the attempt to connect that may be, at most
  /// Mysql::connect_timeout.
  ~Pool();

  /// `use` takes a Connection& that is its own until it returns, and gives a Result; it keeps
  /// nothing of the connection. Where its connection turns out closed (a restart, an idle
  /// limit, a KILL), `use` is called again on a new one, at most twice: it must do no more than one
  /// idempotent thing. `unavailable` when there is no connection to be had; else what `use` gave.
  /// Takes at most Mysql::timeout for each statement, plus Mysql::connect_timeout for a new
  /// connection.
  template <class Use>
  std::invoke_result_t<Use&, Connection&> with(Use&& use) {
    std::optional<std::invoke_result_t<Use&, Connection&>> answer;
    if (auto away = run([&](Connection& connection) { answer.emplace(use(connection)); })) {
      return tl::unexpected(std::move(*away));
    }
    return std::move(*answer);
  }

  /// False while it is known to be away.
  [[nodiscard]] bool available() const noexcept;

 private:
  /// An error where `use` had no connection to run on; it may have run on one that broke.
  std::optional<Error> run(const std::function<void(Connection&)>& use);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::mysql
