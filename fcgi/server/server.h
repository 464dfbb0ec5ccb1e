/// The event loop: connections in, handlers in their lanes, answers out.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fd.h"
#include "config/settings.h"
#include "handlers/application.h"
#include "http/request.h"
#include "http/response.h"
#include "server/connections.h"
#include "server/lane.h"
#include "server/listener.h"
#include "server/timer.h"

namespace gatehouse::server {

/// Reads requests, has `application` answer them, each in the lane that its route names, and sends
/// the answers. README.md in this folder tells the way of a request and how a stop drains.
///
/// Each thread of the instant lane has an epoll of its own, and each connection belongs to one of
/// them, in turn: while it is watched only that thread touches it, and a request that is answered
/// from memory costs no call to epoll_ctl. A connection whose request goes to another thread is not
/// watched meanwhile.
class Server {
 public:
  /// Starts the threads and serves from now on. SIGPIPE must be blocked or ignored. Throws
  /// std::system_error where a thread cannot be made, and std::runtime_error where a descriptor
  /// cannot, or libfcgi is not as it must be (libfcgi.h).
  Server(const config::Server& settings, std::vector<Listener> listeners,
         const handlers::Application& application);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops, if stop() has not been called.
  ~Server();

  /// Accepts no more, closes idle connections, and waits until what is in flight is answered, at
  /// most config::Server::stop_timeout; then drops what is left. To be called by one thread.
  void stop();

 private:
  struct Loop {
    Fd epoll;
    Fd stop_event;        ///< readable once the thread is to end
    std::jthread thread;  ///< last: it ends before what it uses
  };

  [[nodiscard]] static Loop make_loop();
  void run(const std::stop_token& stop, const Loop& loop);
  void handle_event(void* source);
  void accept_one(const Listener& listener);
  void pause_accepting();
  void receive(std::unique_ptr<Connection> connection);
  void close_stalled_later();
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
  std::atomic<bool> draining_{false};
  std::atomic<bool> looks_for_stalled_{false};
  std::atomic<bool> warned_of_old_snippets_{false};
  std::atomic<bool> warned_of_no_address_{false};
  std::atomic<std::size_t> parked_{0};
  Connections connections_;
  Timer timer_;
  Lane database_lane_;
  Lane login_lane_;
  std::atomic<std::size_t> next_loop_{0};
  std::vector<Loop> loops_;  ///< last: their threads use all of the above
};

}  // namespace gatehouse::server
