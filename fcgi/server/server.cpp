#include "server/server.h"

#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "server/libfcgi.h"
#include "server/thread_counts.h"

namespace gatehouse::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIncompleteLimit{5'000};
/// nginx may itself wait for a visitor who takes an answer slowly, as long as its send_timeout.
constexpr milliseconds kUnsentLimit{60'000};
constexpr milliseconds kStalledInterval{500};
constexpr milliseconds kParkTime{250};
constexpr std::size_t kMostParked = 1'000;
constexpr milliseconds kAcceptPause{100};
constexpr std::size_t kDatabaseQueue = 1'024;

/// The number of files that the process may open, less those that MySQL, logs and configuration
/// need.
std::size_t most_connections() {
  constexpr rlim_t kOthers = 128;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers : kOthers;
}

/// Handlers' exceptions are caught in Application: what escapes here is a lack of memory, as a
/// rule, and must not end the thread.
template <class Work>
void keep_serving(Work&& work) {
  try {
    work();
  } catch (const std::exception& error) {
    spdlog::error("a request was lost, and its connection closed: {}", error.what());
  }
}

}  // namespace

Server::Server(const config::Server& settings, std::vector<Listener> listeners, Application first)
    : application_(std::move(first)),
      stop_timeout_(settings.stop_timeout),
      listeners_(std::move(listeners)),
      most_connections_(most_connections()),
      database_lane_({.name = "database",
                      .threads = settings.database_threads,
                      .nice = 0,
                      .capacity = kDatabaseQueue},
                     [this](Job job) {
                       const Application now = current();
                       keep_serving([&] { run_job(*now, std::move(job)); });
                     }),
      engine_(engine_threads(settings)),
      login_lane_({.name = "login",
                   .threads = logins_at_once(settings),
                   .nice = settings.login_nice,
                   .capacity = settings.login_queue},
                  [this, most = logins_at_once(settings)](Job job) {
                    // So one of several at work makes room for others, but not for long.
                    const password::Turn turn(job.before > 0 ? most : 0);
                    const Application now = current();
                    keep_serving([&] { run_job(*now, std::move(job)); });
                  }) {
  start_libfcgi();
  for (unsigned i = 0; i < instant_threads(settings); ++i) {
    loops_.emplace_back().application = current();
  }
  watch_listeners();
  try {
    for (Loop& loop : loops_) {
      loop.thread = std::jthread([this, &loop](const std::stop_token& stop) { run(stop, loop); });
    }
  } catch (...) {
    stop();  // those that run already may have accepted connections
    throw;
  }
}

Server::~Server() {
  stop();
}

Server::Loop::Loop()
    : epoll(::epoll_create1(EPOLL_CLOEXEC)), wake_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  if (!epoll || !wake_event ||
      ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake_event.get(), &event) != 0) {
    throw std::runtime_error("no descriptor for an event loop: raise LimitNOFILE of the service");
  }
}

void Server::replace(Application application, const config::Server& settings) {
  login_lane_.set_capacity(settings.login_queue);
  stop_timeout_ = settings.stop_timeout;
  application_.with([&](Application& now) { now.swap(application); });
  wake_loops();
}

Server::Application Server::current() const {
  return application_.with([](const Application& now) { return now; });
}

void Server::wake_loops() noexcept {
  for (const Loop& loop : loops_) ::eventfd_write(loop.wake_event.get(), 1);
}

void Server::ask_for_life() {
  const std::uint64_t question = ++asked_for_life_;
  wake_loops();
  timer_.after(milliseconds(0), [this, question] { timer_alive_ = question; });
}

bool Server::all_alive() const noexcept {
  const std::uint64_t question = asked_for_life_;
  return timer_alive_ == question &&
         std::all_of(loops_.begin(), loops_.end(),
                     [&](const Loop& loop) { return loop.alive == question; });
}

void Server::stop() {
  if (draining_.exchange(true)) return;
  unwatch_listeners();
  connections_.shut_down_reading();
  const auto over = std::chrono::steady_clock::now() + stop_timeout_;
  if (!connections_.wait_until_none(stop_timeout_)) {
    spdlog::warn("stopping with {} connections that are still busy: server.stop_timeout is over",
                 connections_.count());
  }
  // A hash that is made stronger is still computed after its login was answered.
  timer_.after(over - std::chrono::steady_clock::now(), [this] { engine_.refuse_cores(); });
  login_lane_.stop();
  database_lane_.stop();
  timer_.stop();
  for (Loop& loop : loops_) loop.thread = {};  // requests its stop and waits for its end
  for (Connection* left : connections_.remaining()) delete left;
}

/// A batch thread (sched(7)) does not interrupt nginx as soon as nginx has sent it one request: it
/// finds several, goes to sleep less often, and nginx wakes it less often. That is an eighth of its
/// own time, and 4 % more requests/s.
void Server::run(const std::stop_token& stop, Loop& loop) {
  ::pthread_setname_np(::pthread_self(), "instant");
  const sched_param parameters{};
  ::sched_setscheduler(0, SCHED_BATCH, &parameters);  // where it is refused all works as well
  const std::stop_callback wake(stop, [&] { ::eventfd_write(loop.wake_event.get(), 1); });
  for (;;) {
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_wait(loop.epoll.get(), events.data(), events.size(), -1);
    const auto ready = std::span(events).first(static_cast<std::size_t>(std::max(count, 0)));
    for (const epoll_event& event : ready) {
      if (event.data.ptr == nullptr) {
        if (stop.stop_requested()) return;
        woken(loop);
        continue;
      }
      keep_serving([&] { handle_event(*loop.application, event.data.ptr); });
    }
  }
}

/// Takes over the application of replace(), and answers ask_for_life(). The event is read first:
/// one that comes later wakes the loop once more.
void Server::woken(Loop& loop) {
  eventfd_t times = 0;
  ::eventfd_read(loop.wake_event.get(), &times);
  const std::uint64_t question = asked_for_life_;
  loop.application = current();
  loop.alive = question;
}

void Server::handle_event(const handlers::Application& application, void* source) {
  if (const Listener* listener = listener_of(source)) return accept_one(application, *listener);
  std::unique_ptr<Connection> connection(static_cast<Connection*>(source));
  connection->mark_busy();
  if (!connection->unsent_since()) return receive(application, std::move(connection));
  if (connection->send_rest()) watch(std::move(connection));
}

void Server::accept_one(const handlers::Application& application, const Listener& listener) {
  if (connections_.count() >= most_connections_) connections_.close_longest_idle();
  Fd fd(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      pause_accepting();
    }
    return;
  }
  const Loop& loop = loops_[next_loop_.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
  auto connection = std::make_unique<Connection>(std::move(fd), loop.epoll.get(), connections_);
  // It may have come after stop() has unwatched the listeners and shut down those that it knew.
  if (draining_) ::shutdown(connection->fd(), SHUT_RD);
  receive(application, std::move(connection));
}

/// Called when descriptors run out: the listening socket stays ready, and would spin all threads.
void Server::pause_accepting() {
  spdlog::warn(
      "out of descriptors: accepting no connection for {} ms. LimitNOFILE of the service, or the "
      "system's fs.file-max, is too low for so many connections",
      kAcceptPause.count());
  unwatch_listeners();
  connections_.close_longest_idle();
  timer_.after(kAcceptPause, [this] {
    if (!draining_) watch_listeners();
    if (draining_) unwatch_listeners();  // stop() may have come between the two
  });
}

void Server::receive(const handlers::Application& application,
                     std::unique_ptr<Connection> connection) {
  switch (connection->receive()) {
    case Connection::Received::incomplete:
      if (connection->incomplete_since()) close_stalled_later();
      return watch(std::move(connection));
    case Connection::Received::oversized:
      return connection->refuse_oversized();
    case Connection::Received::unusable:
      return;
    case Connection::Received::complete:
      if (auto request = connection->read()) {
        dispatch(application, std::move(connection), std::move(*request));
      }
  }
}

/// Closes connections with incomplete requests, and with answers that nobody takes, once they are
/// over their time. Looks again for as long as there are any.
void Server::close_stalled_later() {
  if (draining_ || looks_for_stalled_.exchange(true)) return;
  timer_.after(kStalledInterval, [this] {
    looks_for_stalled_ = false;
    if (connections_.close_stalled(kIncompleteLimit, kUnsentLimit)) close_stalled_later();
  });
}

void Server::dispatch(const handlers::Application& application,
                      std::unique_ptr<Connection> connection, http::Request&& request) {
  auto endpoint = application.route(request);
  if (!endpoint) return respond(std::move(connection), std::move(endpoint.error()));
  run_in(application, (*endpoint)->lane, {std::move(connection), std::move(request), *endpoint});
}

void Server::run_in(const handlers::Application& application, http::Lane lane, Job&& job) {
  if (lane == http::Lane::instant) return run_job(application, std::move(job));
  job.request.let_wait();
  if (job.request.client().family() == guard::ClientAddress::Family::unknown) {
    warn_of_no_address(job.request);
  }
  job.connection->unwatch();
  auto refused = (lane == http::Lane::login ? login_lane_ : database_lane_).push(std::move(job));
  if (!refused) return;
  auto response = application.lane_is_full(*refused->endpoint, refused->request);
  respond(std::move(refused->connection), std::move(response));
}

/// Warns once for each of two causes: what nginx is configured to send does not change by itself.
void Server::warn_of_no_address(const http::Request& request) {
  const std::string_view address = request.param("REMOTE_ADDR");
  if (request.internal() && address.empty()) {
    if (warned_of_old_snippets_.exchange(true)) return;
    spdlog::warn(
        "nginx does not say from which address a protected place is visited, so all its visitors "
        "count as one client: install gatehouse/snippets/auth-params.conf of this version");
  } else if (!warned_of_no_address_.exchange(true)) {
    spdlog::warn(
        "nginx does not say the address of a visitor (REMOTE_ADDR is {}), so all such visitors "
        "count as one client: if a proxy is in front of nginx, use set_real_ip_from",
        log::quoted(address));
  }
}

void Server::run_job(const handlers::Application& application, Job&& job) {
  auto response = application.handle(*job.endpoint, job.request);
  if (!response) return run_in(application, http::Lane::database, std::move(job));
  const auto afterwards = std::exchange(response->afterwards, nullptr);
  respond(std::move(job.connection), std::move(*response));
  if (afterwards) afterwards();
}

void Server::respond(std::unique_ptr<Connection> connection, http::Response&& response) {
  if (response.not_before) {
    const auto left = *response.not_before - std::chrono::steady_clock::now();
    return finish_after(left, std::move(connection), std::move(response));
  }
  if (response.pace == http::Pace::at_once || parked_ >= kMostParked) {
    finish(std::move(connection), response);
    for (auto& [name, value] : response.headers) wipe(value);  // one may be a session cookie
    return;
  }
  finish_after(kParkTime, std::move(connection), std::move(response));
}

/// Counted as parked for as long as it lives.
struct Server::Held {
  Held(std::unique_ptr<Connection> its_connection, http::Response its_answer,
       std::atomic<std::size_t>& counter)
      : connection(std::move(its_connection)), answer(std::move(its_answer)), parked(counter) {
    ++parked;
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  Held(Held&&) = delete;
  Held& operator=(Held&&) = delete;
  ~Held() { --parked; }
  std::unique_ptr<Connection> connection;
  http::Response answer;
  std::atomic<std::size_t>& parked;
};

void Server::finish_after(std::chrono::nanoseconds delay, std::unique_ptr<Connection> connection,
                          http::Response response) {
  connection->unwatch();
  // Shared, since a std::function must be copyable. The timer runs every task, at the latest when
  // it stops.
  hold(delay, std::make_shared<Held>(std::move(connection), std::move(response), parked_));
}

void Server::hold(std::chrono::nanoseconds delay, std::shared_ptr<Held> held) {
  timer_.after(delay, [this, held = std::move(held)] {
    keep_serving([&] {
      const auto later = held->answer.not_yet ? held->answer.not_yet() : std::nullopt;
      if (later && !draining_) return hold(*later - std::chrono::steady_clock::now(), held);
      finish(std::move(held->connection), held->answer);
    });
  });
}

void Server::finish(std::unique_ptr<Connection> connection, const http::Response& response) {
  if (!connection->answer(response)) return;
  if (connection->unsent_since()) close_stalled_later();
  watch(std::move(connection));
}

/// Gives the connection back to its loop, for its next request.
void Server::watch(std::unique_ptr<Connection> connection) {
  if (!connection->unsent_since()) connection->mark_idle();
  // Released before it is watched: from then on the loop's thread owns it, and may delete it.
  Connection* const released = connection.release();
  if (!released->watch()) delete released;
}

void Server::watch_listeners() {
  for (const Loop& loop : loops_) {
    for (Listener& listener : listeners_) {
      // Exclusive, so that one new connection wakes one thread.
      epoll_event event{.events = EPOLLIN | EPOLLEXCLUSIVE, .data = {.ptr = &listener}};
      ::epoll_ctl(loop.epoll.get(), EPOLL_CTL_ADD, listener.fd(), &event);
    }
  }
}

void Server::unwatch_listeners() {
  for (const Loop& loop : loops_) {
    for (const Listener& listener : listeners_) {
      ::epoll_ctl(loop.epoll.get(), EPOLL_CTL_DEL, listener.fd(), nullptr);
    }
  }
}

const Listener* Server::listener_of(const void* event_source) const noexcept {
  const auto found =
      std::find_if(listeners_.begin(), listeners_.end(),
                   [&](const Listener& listener) { return &listener == event_source; });
  return found == listeners_.end() ? nullptr : &*found;
}

}  // namespace gatehouse::server
