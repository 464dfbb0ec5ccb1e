/// Connections shared by the threads of the slow lanes, and the knowledge whether MySQL is there.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>

#include "base/error.h"
#include "config/settings.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// While MySQL is away (a connection failed or broke) every use is `unavailable` at once, and a
/// thread of the pool's own tries to connect four times a second; so no queue of requests waits a
/// time-out each, and all recovers within a second of MySQL's return. Each change is logged once.
/// Thread-safe. At most one connection a thread that uses it at the same time; kept for the next.
class Pool {
 public:
  /// Calls Connection::start_library and tries one connection, at most Mysql::connect_timeout:
  /// for the main thread, before any other. MySQL may be away.
  Pool(config::Mysql settings, Secret password);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  /// `use` is called with a connection that is its own until it returns. Where a kept connection
  /// turns out dead before anything ran on it (2006), `use` is called once more on a new one:
  /// it must do no more than one idempotent thing.
  template <class Use>
  std::invoke_result_t<Use, Connection&> with(Use&& use) {
    std::invoke_result_t<Use, Connection&> answer =
        fail(Error::Kind::unavailable, "MySQL is away");
    if (auto error = run([&](Connection& connection) {
          answer = use(connection);
          return answer.has_value() ? Result<void>() : tl::unexpected(answer.error());
        });
        !error) {
      return tl::unexpected(error.error());
    }
    return answer;
  }

  /// False while it is known to be away.
  [[nodiscard]] bool available() const noexcept;

 private:
  Result<void> run(const std::function<Result<void>(Connection&)>& use);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::mysql
