/// The event loop: connections in, handlers in their lanes, answers out.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/fd.h"
#include "base/guarded.h"
#include "config/settings.h"
#include "handlers/application.h"
#include "http/request.h"
#include "http/response.h"
#include "password/kdf/engine.h"
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
///
/// A reload gives it another application while it serves. Each event loop has a copy of the pointer
/// of its own, which it changes itself when it is woken, so that a request that is answered from
/// memory takes no lock and counts no reference for that. A request that is at work is finished by
/// the application that it began with.
class Server {
 public:
  using Application = std::shared_ptr<const handlers::Application>;

  /// Starts the threads and serves from now on. SIGPIPE must be blocked or ignored. Throws
  /// std::system_error where a thread cannot be made, and std::runtime_error where a descriptor
  /// cannot, or libfcgi is not as it must be (libfcgi.h).
  Server(const config::Server& settings, std::vector<Listener> listeners, Application first);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops, if stop() has not been called.
  ~Server();

  /// Accepts no more, closes idle connections, and waits until what is in flight is answered, at
  /// most config::Server::stop_timeout; then drops what is left. To be called by one thread.
  void stop();
  /// Gives the sockets back, for the next server. To be called after stop().
  [[nodiscard]] std::vector<Listener> take_listeners() { return std::move(listeners_); }

  /// Has `application` answer from now on, and takes over what of the settings can change without a
  /// restart: config::Server::login_queue and stop_timeout. To be called by the thread that calls
  /// stop(). The application before is released when its last request is answered.
  void replace(Application application, const config::Server& settings);

  /// Asks each event loop and the timer for a sign of life; all_alive() says whether all have given
  /// it since. To be called by one thread.
  void ask_for_life();
  [[nodiscard]] bool all_alive() const noexcept;

 private:
  struct Loop {
    /// Throws std::runtime_error where there is no descriptor.
    Loop();
    Fd epoll;
    Fd wake_event;            ///< readable if there is something beside requests: see woken()
    Application application;  ///< its thread's own
    std::atomic<std::uint64_t> alive{0};  ///< the last call of ask_for_life() that it answered
    std::jthread thread;                  ///< last: it ends before what it uses
  };

  void run(const std::stop_token& stop, Loop& loop);
  void woken(Loop& loop);
  void wake_loops() noexcept;
  [[nodiscard]] Application current() const;
  struct Held;  ///< an answer that waits for its time
  void handle_event(const handlers::Application& application, void* source);
  void accept_one(const handlers::Application& application, const Listener& listener);
  void pause_accepting();
  void receive(const handlers::Application& application, std::unique_ptr<Connection> connection);
  void close_stalled_later();
  void dispatch(const handlers::Application& application, std::unique_ptr<Connection> connection,
                http::Request&& request);
  void run_in(const handlers::Application& application, http::Lane lane, Job&& job);
  void warn_of_no_address(const http::Request& request);
  void run_job(const handlers::Application& application, Job&& job);
  void respond(std::unique_ptr<Connection> connection, http::Response&& response);
  void finish_after(std::chrono::nanoseconds delay, std::unique_ptr<Connection> connection,
                    http::Response response);
  void hold(std::chrono::nanoseconds delay, std::shared_ptr<Held> held);
  void finish(std::unique_ptr<Connection> connection, const http::Response& response);
  void watch(std::unique_ptr<Connection> connection);
  void watch_listeners();
  void unwatch_listeners();
  [[nodiscard]] const Listener* listener_of(const void* event_source) const noexcept;

  Guarded<Application> application_;
  std::chrono::milliseconds stop_timeout_;
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
  password::Engine engine_;  ///< outlives the login lane, which waits for it
  Lane login_lane_;
  std::atomic<std::size_t> next_loop_{0};
  std::atomic<std::uint64_t> asked_for_life_{0};
  std::atomic<std::uint64_t> timer_alive_{0};
  std::deque<Loop> loops_;  ///< last: their threads use all of the above
};

}  // namespace gatehouse::server
