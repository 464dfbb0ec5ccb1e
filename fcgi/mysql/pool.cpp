#include "mysql/pool.h"

#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "mysql/availability.h"

namespace gatehouse::mysql {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kProbeInterval{250};
/// A use is tried on so many connections; where each is closed, MySQL is taken for away.
constexpr int kMostTries = 3;

Error unavailable(const Error& cause) {
  return {Error::Kind::unavailable, cause.what};
}

}  // namespace

struct Pool::State {
  State(config::Mysql mysql_settings, Secret mysql_password)
      : settings(std::move(mysql_settings)), password(std::move(mysql_password)) {}

  const config::Mysql settings;
  const Secret password;
  std::atomic<std::size_t> preferred{0};  ///< of several servers
  Availability availability;
  std::jthread prober;  ///< last: it ends before what it uses

  [[nodiscard]] Result<std::unique_ptr<Connection>> open() {
    return Connection::open(settings, password, &preferred);
  }

  void try_first_connection() {
    auto lease = availability.lease();
    auto opened = open();
    if (!opened) return availability.lost(std::move(*lease), opened.error());
    lease->connection = std::move(*opened);
    availability.give_back(std::move(*lease));
  }

  void probe(const std::stop_token& stop) {
    while (availability.wait_until_away(stop)) {
      if (auto opened = open()) {
        availability.found(std::move(*opened));
      } else {
        availability.still_away(opened.error());
        availability.pause(stop, kProbeInterval);
      }
    }
  }

  /// An error if the lease is still without a connection.
  std::optional<Error> fill(Lease& lease) {
    if (lease.connection) return std::nullopt;
    auto opened = open();
    if (opened) {
      lease.connection = std::move(*opened);
      return std::nullopt;
    }
    // Without room for one more, those that we have go on working.
    if (opened.error().kind == Error::Kind::refused) {
      spdlog::warn("no further connection: {}", opened.error().what);
    } else {
      availability.lost(std::move(lease), opened.error());
    }
    return unavailable(opened.error());
  }
};

Pool::Pool(config::Mysql settings, Secret password)
    : state_(std::make_unique<State>(std::move(settings), std::move(password))) {
  Connection::start_library();
  state_->try_first_connection();
  state_->prober = std::jthread([state = state_.get()](const std::stop_token& stop) {  //
    state->probe(stop);
  });
}

Pool::~Pool() = default;

std::optional<Error> Pool::run(const std::function<void(Connection&)>& use) {
  auto lease = state_->availability.lease();
  if (!lease) return lease.error();
  for (int tries = 1;; ++tries) {
    if (auto error = state_->fill(*lease)) return error;
    const TimePoint start = SystemClock().now();
    use(*lease->connection);
    if (!lease->connection->broken()) {
      state_->availability.give_back(std::move(*lease));
      return std::nullopt;
    }
    // What dies before its time-out was closed (a restart, an idle limit, a KILL, however long its
    // statement had waited for a lock by then) and is no silence: a new connection shows whether
    // MySQL is there.
    // (The library counts its time-out in whole seconds.)
    const auto time_out = std::chrono::ceil<std::chrono::seconds>(state_->settings.timeout);
    const bool silent = SystemClock().now() - start >= time_out;
    if (silent || tries == kMostTries) break;
    *lease = state_->availability.replace(std::move(*lease));
  }
  const Error cause = lease->connection->cause_of_death();
  state_->availability.lost(std::move(*lease), cause);
  return std::nullopt;
}

bool Pool::available() const noexcept {
  return state_->availability.available();
}

}  // namespace gatehouse::mysql
