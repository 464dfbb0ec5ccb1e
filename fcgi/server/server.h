/// The event loop: connections in, handlers in their lanes, answers out.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fd.h"
#include "config/settings.h"
#include "handlers/application.h"
#include "server/connections.h"
#include "server/lane.h"
#include "server/listener.h"
#include "server/timer.h"

namespace gatehouse::server {

/// Each thread of the instant lane has an epoll of its own, and each connection belongs to one of
/// them, in turn: while it is watched only that thread touches it, and a request that is answered
/// from memory costs no call to epoll_ctl. What goes to another thread is not watched meanwhile.
/// (A thread blocked in FCGX_Accept_r per connection, the documented pattern, is held by each idle
/// keep-alive connection: more connections than threads, and the site hangs.)
class Server {
 public:
  /// Starts the threads and serves from now on. SIGPIPE must be blocked or ignored. Throws
  /// std::system_error where a thread cannot be made.
  Server(const config::Server& settings, std::vector<Listener> listeners,
         const handlers::Application& application);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// As `stop`.
  ~Server();

  /// Accepts no more, ends idle connections, and waits until what is in flight is answered, at
  /// most Server::stop_timeout; then drops what is left. For one thread, once.
  void stop();

 private:
  struct Loop {
    Fd epoll;
    std::thread thread;
  };

  void run(const Loop& loop);
  void take_event(void* source);
  void accept_one(const Listener& listener);
  void rest_from_accepting();
  void serve(std::unique_ptr<Connection> connection);
  void shed_stalled_later();
  void dispatch(std::unique_ptr<Connection> connection, http::Request&& request);
  void run_in(http::Lane lane, Job&& job);
  void warn_of_no_address(const http::Request& request);
  void run_job(Job&& job);
  void respond(std::unique_ptr<Connection> connection, http::Response&& response);
  void finish_after(std::chrono::nanoseconds delay, std::unique_ptr<Connection> connection,
                    http::Response response);
  void finish(std::unique_ptr<Connection> connection, const http::Response& response);
  void watch(std::unique_ptr<Connection> connection);
  void watch_listeners();
  void unwatch_listeners();
  [[nodiscard]] const Listener* listener_of(const void* event_source) const noexcept;

  const config::Server settings_;
  const handlers::Application& application_;
  std::vector<Listener> listeners_;
  const std::size_t most_connections_;
  Fd stop_event_;
  std::atomic<bool> draining_{false};
  std::atomic<bool> shedding_{false};
  std::atomic<bool> warned_of_old_snippets_{false};
  std::atomic<bool> warned_of_no_address_{false};
  std::atomic<std::size_t> parked_{0};
  Connections connections_;
  Timer timer_;
  Lane database_lane_;
  Lane login_lane_;
  std::vector<Loop> loops_;
  std::atomic<std::size_t> next_loop_{0};
};

}  // namespace gatehouse::server
