#include "server/server.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "base/log.h"

namespace gatehouse::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kParkTime{250};
constexpr std::size_t kMostParked = 1'000;
constexpr milliseconds kAcceptRest{100};
constexpr std::size_t kDatabaseQueue = 1'024;

unsigned threads_or_cores(unsigned threads) {
  return threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

/// All that the process may open, but for what MySQL, logs and configuration need.
std::size_t most_connections() {
  constexpr rlim_t kOthers = 128;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers : kOthers;
}

/// epoll_ctl(2); to modify, called directly. ThreadSanitizer notes a use of `fd` on its way into
/// libc's, after set_idle handed the connection on: to it, the thread that gets the event then
/// closes a descriptor in use. It knows that epoll gives no event before EPOLL_CTL_ADD, but not the
/// same of EPOLL_CTL_MOD.
long control_epoll(int epoll, int operation, int fd, epoll_event& event) {
  return operation == EPOLL_CTL_MOD ? ::syscall(SYS_epoll_ctl, epoll, operation, fd, &event)
                                    : ::epoll_ctl(epoll, operation, fd, &event);
}

/// What escapes here is no handler's (those have their own funnel): memory, as a rule.
template <class Work>
void keep_serving(Work&& work) {
  try {
    work();
  } catch (const std::exception& error) {
    spdlog::error("a request was lost: {}", error.what());
  }
}

}  // namespace

Server::Server(const config::Server& settings, std::vector<Listener> listeners,
               const handlers::Application& application)
    : settings_(settings),
      application_(application),
      listeners_(std::move(listeners)),
      most_connections_(most_connections()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      stop_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      database_lane_({.name = "database",
                      .threads = settings.database_threads,
                      .nice = 0,
                      .capacity = kDatabaseQueue},
                     [this](Job job) { keep_serving([&] { run_job(std::move(job)); }); }),
      login_lane_({.name = "login",
                   .threads = threads_or_cores(settings.login_threads),
                   .nice = settings.login_nice,
                   .capacity = settings.login_queue},
                  [this](Job job) { keep_serving([&] { run_job(std::move(job)); }); }) {
  if (!epoll_ || !stop_event_) throw std::runtime_error("no descriptor for the event loop");
  ::FCGX_Init();
  watch_listeners();
  for (unsigned i = 0; i < threads_or_cores(settings.instant_threads); ++i) {
    instant_threads_.emplace_back([this] { run_instant(); });
  }
}

Server::~Server() {
  stop();
}

void Server::stop() {
  if (draining_.exchange(true)) return;
  unwatch_listeners();
  connections_.shut_down_reading();
  if (!connections_.wait_until_none(settings_.stop_timeout)) {
    spdlog::warn("stopping with {} connections in flight", connections_.count());
  }
  login_lane_.stop();
  database_lane_.stop();
  timer_.stop();
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, stop_event_.get(), &event);
  ::eventfd_write(stop_event_.get(), 1);
  for (std::thread& thread : instant_threads_) thread.join();
  for (Connection* left : connections_.remaining()) delete left;
}

void Server::run_instant() {
  ::pthread_setname_np(::pthread_self(), "instant");
  for (;;) {
    // One at a time: what a thread takes with it waits while it works.
    epoll_event event{};
    if (::epoll_wait(epoll_.get(), &event, 1, -1) < 1) continue;
    if (event.data.ptr == nullptr) return;
    keep_serving([&] { take_event(event.data.ptr); });
  }
}

void Server::take_event(void* source) {
  if (const Listener* listener = listener_of(source)) return accept_one(*listener);
  std::unique_ptr<Connection> connection(static_cast<Connection*>(source));
  connection->set_idle(false);
  serve(std::move(connection));
}

void Server::accept_one(const Listener& listener) {
  if (connections_.count() >= most_connections_) connections_.shed_longest_idle();
  Fd fd(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      rest_from_accepting();
    }
    return;
  }
  auto connection = std::make_unique<Connection>(std::move(fd), connections_);
  // It may have come between the two steps of `stop`.
  if (draining_) ::shutdown(connection->fd(), SHUT_RD);
  serve(std::move(connection));
}

/// Out of descriptors, a listening socket that stays ready would spin all threads.
void Server::rest_from_accepting() {
  spdlog::warn("out of descriptors: accepting nothing for {} ms", kAcceptRest.count());
  unwatch_listeners();
  connections_.shed_longest_idle();
  timer_.after(kAcceptRest, [this] {
    if (!draining_) watch_listeners();
  });
}

void Server::serve(std::unique_ptr<Connection> connection) {
  switch (connection->look()) {
    case Connection::Arrival::nothing:
      return arm(std::move(connection));
    case Connection::Arrival::incomplete:
      return wait_for_more(std::move(connection));
    case Connection::Arrival::oversized:
      return connection->refuse_oversized();
    case Connection::Arrival::unusable:
      return;
    case Connection::Arrival::complete:
      if (auto request = connection->read()) {
        dispatch(std::move(connection), std::move(*request));
      }
  }
}

/// The socket stays readable meanwhile, so epoll could not wait for the rest: a timer looks again.
void Server::wait_for_more(std::unique_ptr<Connection> connection) {
  const auto delay = connection->next_look();
  if (!delay || draining_) return;
  // The timer runs every task, at the latest at its own end: the connection is not lost.
  timer_.after(*delay,
               [this, held = connection.release()] { arm(std::unique_ptr<Connection>(held)); });
}

void Server::dispatch(std::unique_ptr<Connection> connection, http::Request request) {
  const auto endpoint = application_.route(request);
  if (!endpoint) return respond(std::move(connection), endpoint.error());
  Job job{std::move(connection), std::move(request), *endpoint};
  std::optional<Job> refused;
  switch (job.endpoint->lane) {
    case http::Lane::instant:
      return run_job(std::move(job));
    case http::Lane::database:
      refused = database_lane_.push(std::move(job));
      break;
    case http::Lane::login:
      refused = login_lane_.push(std::move(job));
      break;
  }
  if (refused) respond(std::move(refused->connection), http::refusal(503));
}

void Server::run_job(Job job) {
  http::Response response = application_.handle(*job.endpoint, job.request);
  respond(std::move(job.connection), std::move(response));
}

void Server::respond(std::unique_ptr<Connection> connection, http::Response response) {
  if (response.pace == http::Pace::at_once || parked_.fetch_add(1) >= kMostParked) {
    if (response.pace == http::Pace::parked) --parked_;
    return finish(std::move(connection), response);
  }
  timer_.after(kParkTime, [this, held = connection.release(), answer = std::move(response)] {
    --parked_;
    finish(std::unique_ptr<Connection>(held), answer);
  });
}

void Server::finish(std::unique_ptr<Connection> connection, const http::Response& response) {
  if (connection->answer(response)) arm(std::move(connection));
}

/// Gives the connection to epoll, for its next event.
void Server::arm(std::unique_ptr<Connection> connection) {
  const int operation = std::exchange(connection->watched, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const int fd = connection->fd();
  connection->set_idle(true);  // last: it hands all that was written before to the next thread
  // Released before: another thread may have it as soon as epoll does.
  Connection* const armed = connection.release();
  epoll_event event{.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data = {.ptr = armed}};
  if (control_epoll(epoll_.get(), operation, fd, event) != 0) delete armed;
}

void Server::watch_listeners() {
  for (Listener& listener : listeners_) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &listener}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener.fd(), &event);
  }
}

void Server::unwatch_listeners() {
  for (const Listener& listener : listeners_) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener.fd(), nullptr);
  }
}

const Listener* Server::listener_of(const void* event_source) const noexcept {
  const auto found =
      std::find_if(listeners_.begin(), listeners_.end(),
                   [&](const Listener& listener) { return &listener == event_source; });
  return found == listeners_.end() ? nullptr : &*found;
}

}  // namespace gatehouse::server
