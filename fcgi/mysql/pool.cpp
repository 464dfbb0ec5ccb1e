#include "mysql/pool.h"

#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/repeated.h"
#include "config/mysql_servers.h"
#include "mysql/availability.h"
#include "mysql/hedged_reader.h"

namespace gatehouse::mysql {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kProbeInterval{250};
/// For what costs more than an attempt to connect: a proof is a write.
constexpr milliseconds kVerifyInterval{1'000};
/// A use is tried on so many connections; where each is closed, MySQL is taken for away.
constexpr int kMostTries = 3;

Error unavailable(const Error& cause) {
  return {Error::Kind::unavailable, cause.what};
}

}  // namespace

struct Pool::State {
  State(config::Mysql mysql_settings, Secret mysql_password, Access for_access,
        NodeProof node_proof)
      : settings(std::move(mysql_settings)),
        password(std::move(mysql_password)),
        access(for_access),
        proof(std::move(node_proof)),
        servers(config::servers_of(settings).value_or(std::vector{settings})) {}

  const config::Mysql settings;
  const Secret password;
  const Access access;
  const NodeProof proof;
  const std::vector<config::Mysql> servers;
  Preference preferred;
  Availability availability;
  Repeated moves;
  std::once_flag reader_made;
  std::unique_ptr<HedgedReader> reader;
  std::jthread watcher;  ///< last: it ends before what it uses

  [[nodiscard]] bool several() const noexcept { return servers.size() > 1; }

  [[nodiscard]] Result<std::unique_ptr<Connection>> open() {
    const std::size_t before = preferred.index;
    auto opened = Connection::open(settings, password, access, &preferred);
    if (opened && preferred.index != before) log_server();
    return opened;
  }

  void log_server() {
    const config::Mysql& server = servers[preferred.index];
    if (moves.happened()) spdlog::warn("MySQL: {}:{} from now on", server.host, server.port);
  }

  void try_first_connection() {
    auto lease = availability.lease();
    auto opened = open();
    if (!opened) {
      availability.lost(std::move(*lease), opened.error());
      return;
    }
    lease->connection = std::move(*opened);
    availability.give_back(std::move(*lease));
  }

  /// The others come first: this one is tried last.
  void lose(Lease lease, const Error& cause) {
    const std::size_t next = (preferred.index + 1) % servers.size();
    if (availability.lost(std::move(lease), cause)) preferred.index = next;
  }

  /// What a look at several servers has found.
  struct Search {
    std::unique_ptr<Connection> proven;
    std::unique_ptr<Connection> unproven;  ///< passes the tests, but not the proof
    std::size_t index = 0;                 ///< of the proven one, else of the unproven one
    Error error{Error::Kind::unavailable, {}};
    bool read_only = false;  ///< one was met that answers and takes no writes
  };

  /// Looks at `count` servers from `first` on, until one is good.
  Search search(std::size_t first, std::size_t count) {
    Search search;
    for (std::size_t i = 0; i < count && !search.proven; ++i) {
      const std::size_t index = (first + i) % servers.size();
      Preference seen;
      auto opened = Connection::open(servers[index], password, access, &seen);
      search.read_only |= seen.met_read_only;
      if (!opened) {
        search.error = std::move(opened.error());
        continue;
      }
      const auto proven = several() && proof ? proof(**opened) : Result<void>();
      if (!proven && search.unproven) continue;
      (proven ? search.proven : search.unproven) = std::move(*opened);
      search.index = index;
    }
    return search;
  }

  void prefer(std::size_t index) {
    if (preferred.index.exchange(index) != index) log_server();
  }

  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const bool nearest = preferred.index == 0;
      const auto task = availability.wait_for_task(
          stop, several() ? std::optional(milliseconds(kVerifyInterval)) : std::nullopt);
      if (stop.stop_requested()) return;
      switch (task) {
        case Availability::Task::find:
          find(stop);
          break;
        case Availability::Task::verify:
          verify(stop);
          break;
        case Availability::Task::nothing:
          if (!nearest) come_nearer();
          break;
      }
    }
  }

  void find(const std::stop_token& stop) {
    Search found = search(preferred.index, servers.size());
    if (found.proven || found.unproven) {
      prefer(found.index);
      return availability.found(std::move(found.proven ? found.proven : found.unproven));
    }
    availability.still_away(found.error);
    availability.pause(stop, found.read_only ? kVerifyInterval : kProbeInterval);
  }

  /// A server that does not answer reads comes last: to ask it may take a time-out. One that could
  /// not write comes first: it may have been a lock.
  void verify(const std::stop_token& stop) {
    const std::size_t now = preferred.index;
    const bool reads = availability.doubted() == Availability::Doubt::reads;
    Search found = search(reads ? now + 1 : now, servers.size());
    if (!found.proven) return availability.pause(stop, kVerifyInterval);
    if (found.index == now) return availability.trust();
    prefer(found.index);
    availability.move_to(std::move(found.proven));
  }

  void come_nearer() {
    Search found = search(0, preferred.index);
    if (!found.proven) return;
    prefer(found.index);
    availability.move_to(std::move(found.proven));
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
      lose(std::move(lease), opened.error());
    }
    return unavailable(opened.error());
  }
};

Pool::Pool(config::Mysql settings, Secret password, Access access, NodeProof proof)
    : state_(std::make_unique<State>(std::move(settings), std::move(password), access,
                                     std::move(proof))) {
  Connection::start_library();
  state_->try_first_connection();
  state_->watcher = std::jthread([state = state_.get()](const std::stop_token& stop) {  //
    state->watch(stop);
  });
}

Pool::~Pool() = default;

std::optional<Error> Pool::run(const std::function<bool(Connection&)>& use) {
  auto lease = state_->availability.lease();
  if (!lease) return lease.error();
  for (int tries = 1;; ++tries) {
    if (auto error = state_->fill(*lease)) return error;
    const TimePoint start = SystemClock().now();
    const bool done = use(*lease->connection);
    if (!lease->connection->broken()) {
      state_->availability.give_back(std::move(*lease));
      if (!done && state_->several() && state_->proof)
        state_->availability.doubt(Availability::Doubt::writes);
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
  state_->lose(std::move(*lease), cause);
  return std::nullopt;
}

Result<std::any> Pool::read_causally_any(std::function<Result<std::any>(Connection&)> use) {
  std::call_once(state_->reader_made, [this] {
    state_->reader =
        std::make_unique<HedgedReader>(state_->servers, state_->password, state_->access);
  });
  auto answer = state_->reader->read(state_->preferred.index, std::move(use));
  if (answer.first_is_stale) state_->availability.doubt(Availability::Doubt::reads);
  return std::move(answer.what);
}

bool Pool::available() const noexcept {
  return state_->availability.available();
}

}  // namespace gatehouse::mysql
