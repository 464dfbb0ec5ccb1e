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

/// Shows that a server takes writes now, by a write that leaves nothing behind. A server that is
/// locked (FLUSH TABLES WITH READ LOCK) or whose disk is full passes every cheaper test.
using NodeProof = std::function<Result<void>(Connection&)>;

/// Of several servers the nearest good one is used, that is the first of Mysql::host that passes
/// the tests of `Access` and the proof. A thread of the pool's own looks for another one when that
/// one is lost or doubted, and once a second for a nearer one while it is not the first. Where none
/// passes the proof, one that passes the tests will do: it can be read.
///
/// While MySQL is away (a connection failed or broke) every use is `unavailable` at once, and
/// the thread tries to connect four times a second, or once if there are servers that answer but
/// take no writes; so no queue of requests waits a time-out each, and all recovers within a second
/// of MySQL's return. Outages are logged once a minute. Thread-safe. Nobody waits for a connection
/// of another: there are as many as threads have used at the same time, kept for the next.
class Pool {
 public:
  /// Calls Connection::start_library and tries one connection, at most Mysql::connect_timeout:
  /// for the main thread, before any other. MySQL may be away.
  Pool(config::Mysql settings, Secret password, Access access = Access::writing,
       NodeProof proof = {});
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

  /// False while it is known to be away.
  [[nodiscard]] bool available() const noexcept;

 private:
  /// An error where `use` had no connection to run on; it may have run on one that broke.
  /// `use` says false where the server could not do it now.
  std::optional<Error> run(const std::function<bool(Connection&)>& use);
  Result<std::any> read_causally_any(std::function<Result<std::any>(Connection&)> use);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gatehouse::mysql
