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
/// It is longer than that, since what is tried is a write, or every server.
constexpr milliseconds kVerifyInterval{1'000};
/// A use is tried on so many connections. If each turns out closed, MySQL is taken for away.
constexpr int kMostTries = 3;

Error unavailable(const Error& cause) {
  return {Error::Kind::unavailable, cause.what};
}

}  // namespace

struct Pool::State {
  State(config::Mysql mysql_settings, Secret mysql_password, Access for_access,
        WriteProbe write_probe)
      : settings(std::move(mysql_settings)),
        password(std::move(mysql_password)),
        access(for_access),
        probe(std::move(write_probe)),
        servers(config::servers_of(settings).value_or(std::vector{settings})) {}

  const config::Mysql settings;
  const Secret password;
  const Access access;
  const WriteProbe probe;
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
    if (moves.happened())
      spdlog::warn("MySQL: the server {}:{} is used from now on", server.host, server.port);
  }

  void try_first_connection() {
    auto borrowed = availability.borrow();
    auto opened = open();
    if (!opened) {
      availability.lost(std::move(*borrowed), opened.error());
      return;
    }
    borrowed->connection = std::move(*opened);
    availability.give_back(std::move(*borrowed));
  }

  /// The server in use does not answer. It is tried last, after all others.
  void lose(Borrowed borrowed, const Error& cause) {
    const std::size_t next = (preferred.index + 1) % servers.size();
    if (availability.lost(std::move(borrowed), cause)) preferred.index = next;
  }

  /// The result of search().
  struct Search {
    std::unique_ptr<Connection> writable;  ///< passes the tests of Access, and the probe
    std::unique_ptr<Connection> readable;  ///< passes the tests, but not the probe
    std::size_t index = 0;                 ///< of the writable one, else of the readable one
    Error error{Error::Kind::unavailable, {}};
    bool read_only = false;  ///< one was met that answers and takes no writes
  };

  /// Tries `count` servers, from `first` on, until one passes the tests and the probe.
  Search search(std::size_t first, std::size_t count) {
    Search search;
    for (std::size_t i = 0; i < count && !search.writable; ++i) {
      const std::size_t index = (first + i) % servers.size();
      Preference seen;
      auto opened = Connection::open(servers[index], password, access, &seen);
      search.read_only |= seen.met_read_only;
      if (!opened) {
        search.error = std::move(opened.error());
        continue;
      }
      const auto writes = several() && probe ? probe(**opened) : Result<void>();
      if (!writes && search.readable) continue;
      (writes ? search.writable : search.readable) = std::move(*opened);
      search.index = index;
    }
    return search;
  }

  void prefer(std::size_t index) {
    if (preferred.index.exchange(index) != index) log_server();
  }

  /// The watcher's loop: it finds a good server while there is none, or a nearer one to move to.
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

  /// Tries all servers once while MySQL is away.
  void find(const std::stop_token& stop) {
    Search found = search(preferred.index, servers.size());
    if (found.writable || found.readable) {
      prefer(found.index);
      return availability.found(std::move(found.writable ? found.writable : found.readable));
    }
    availability.still_away(found.error);
    availability.pause(stop, found.read_only ? kVerifyInterval : kProbeInterval);
  }

  /// Looks for a server in the place of the doubted one. That is tried last if it does not answer
  /// reads, since to ask it may take a time-out; and first if it could not write, since that may
  /// have been a lock, and then it stays in use.
  void verify(const std::stop_token& stop) {
    const std::size_t now = preferred.index;
    const bool reads = availability.doubted() == Availability::Doubt::reads;
    Search found = search(reads ? now + 1 : now, servers.size());
    if (!found.writable) return availability.pause(stop, kVerifyInterval);
    if (found.index == now) return availability.trust();
    prefer(found.index);
    availability.move_to(std::move(found.writable));
  }

  /// Moves to a server that comes before the one in use, if one is good again.
  void come_nearer() {
    Search found = search(0, preferred.index);
    if (!found.writable) return;
    prefer(found.index);
    availability.move_to(std::move(found.writable));
  }

  /// Opens a connection. One that fails before its time-out is tried once more: where the server is
  /// gone this costs nothing, and where a KILL has closed the first, nobody shall notice.
  [[nodiscard]] Result<std::unique_ptr<Connection>> open_or_retry() {
    const TimePoint start = SystemClock().now();
    auto opened = open();
    const bool at_once = SystemClock().now() - start < settings.connect_timeout;
    if (!opened && opened.error().kind == Error::Kind::unavailable && at_once) opened = open();
    return opened;
  }

  /// Opens a connection where none was kept; an error if that fails.
  std::optional<Error> fill(Borrowed& borrowed) {
    if (borrowed.connection) return std::nullopt;
    auto opened = open_or_retry();
    if (opened) {
      borrowed.connection = std::move(*opened);
      return std::nullopt;
    }
    // If the server has no room for one more, the connections that we have go on working.
    if (opened.error().kind == Error::Kind::refused) {
      spdlog::warn(
          "MySQL has no room for one more connection: {} (see max_connections and "
          "max_user_connections)",
          opened.error().what);
    } else {
      lose(std::move(borrowed), opened.error());
    }
    return unavailable(opened.error());
  }
};

Pool::Pool(config::Mysql settings, Secret password, Access access, WriteProbe probe)
    : state_(std::make_unique<State>(std::move(settings), std::move(password), access,
                                     std::move(probe))) {
  Connection::start_library();
  state_->try_first_connection();
  state_->watcher = std::jthread([state = state_.get()](const std::stop_token& stop) {  //
    state->watch(stop);
  });
}

Pool::~Pool() = default;

std::optional<Error> Pool::run(const std::function<bool(Connection&)>& use) {
  auto borrowed = state_->availability.borrow();
  if (!borrowed) return borrowed.error();
  for (int tries = 1;; ++tries) {
    if (auto error = state_->fill(*borrowed)) return error;
    const TimePoint start = SystemClock().now();
    const bool done = use(*borrowed->connection);
    if (!borrowed->connection->broken()) {
      state_->availability.give_back(std::move(*borrowed));
      if (!done && state_->several() && state_->probe) {
        state_->availability.doubt(Availability::Doubt::writes);
      }
      return std::nullopt;
    }
    // A connection that dies before its time-out was closed: by a restart, an idle limit, or a
    // KILL, however long its statement had waited for a lock by then. That is no silence, and a new
    // connection shows whether MySQL is there. (The library counts its time-out in whole seconds.)
    const auto time_out = std::chrono::ceil<std::chrono::seconds>(state_->settings.timeout);
    const bool silent = SystemClock().now() - start >= time_out;
    if (silent || tries == kMostTries) break;
    *borrowed = state_->availability.replace(std::move(*borrowed));
  }
  const Error cause = borrowed->connection->cause_of_death();
  state_->lose(std::move(*borrowed), cause);
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
