/// Connections shared by the threads of the slow lanes, and the knowledge whether MySQL is there.
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "config/settings.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Proves that a server takes writes now, by a write that leaves nothing behind. It is needed since
/// a server that is locked (FLUSH TABLES WITH READ LOCK) or whose disk is full passes every cheaper
/// test.
using WriteProbe = std::function<Result<void>(Connection&)>;

/// Lends connections to MySQL (README.md tells the whole). If there are several servers, the
/// nearest good one is used, that is the first of Mysql::host that passes the tests of `Access` and
/// the probe. A thread of the pool's own, the watcher, looks for another when that one is lost or
/// doubted, and once a second for a nearer one while it is not the first. Where none passes the
/// probe, one that passes the tests will do, since it can be read.
///
/// While MySQL is away (a connection failed or broke) every use is `unavailable` at once, so that
/// no queue of requests waits a time-out each. The watcher tries to connect four times a second, or
/// once if there are servers that answer but take no writes; so all recovers within a second of
/// MySQL's return. Outages are logged once a minute. Thread-safe. Nobody waits for a connection of
/// another: as many are opened, and kept, as threads use at the same time.
class Pool {
 public:
  /// Calls Connection::start_library, so it belongs into the main thread, before any other thread
  /// starts. Tries one connection, for Mysql::connect_timeout at most. MySQL may be away.
  Pool(config::Mysql settings, Secret password, Access access = Access::writing,
       WriteProbe probe = {});
  Pool(const Pool&) = delete;
  Pool(Pool&&) = delete;
  Pool& operator=(const Pool&) = delete;
  Pool& operator=(Pool&&) = delete;
  /// No use may be under way. Waits for an attempt of the watcher to connect, at most
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
    const auto answered = [&](Connection& connection) {
      answer.emplace(use(connection));
      return *answer || answer->error().kind != Error::Kind::unavailable;
    };
    if (auto away = run(answered)) return tl::unexpected(std::move(*away));
    return std::move(*answer);
  }

  /// Runs `use`, which only reads, by causal reads (see Connection::with_causal_reads), on
  /// connections that are not the pool's own: on the server in use, and on the others if that one
  /// does not answer within a fraction of a second (hedged_reader.h); then another server is looked
  /// for as well. `use` may run on two servers at once, and on a slow one longer than this takes,
  /// so it owns what it works with. For one thread at a time. Gives a T; `unavailable` if no server
  /// could be read causally within the time-outs.
  template <class T>
  Result<T> read_causally(std::function<Result<T>(Connection&)> use) {
    auto answer = read_causally_any([use = std::move(use)](Connection& connection) {
      return use(connection).map([](T&& value) { return std::any(std::move(value)); });
    });
    if (!answer) return tl::unexpected(std::move(answer.error()));
    return std::any_cast<T>(std::move(*answer));
  }

  /// False while MySQL is known to be away.
  [[nodiscard]] bool available() const noexcept;

 private:
  /// Runs `use`, which gives false where the server could not do it now. An error if there was no
  /// connection to run it on.
  std::optional<Error> run(const std::function<bool(Connection&)>& use);
  Result<std::any> read_causally_any(std::function<Result<std::any>(Connection&)> use);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::mysql
