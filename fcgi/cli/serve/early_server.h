/// Answers while a service is being made.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/monitor.h"
#include "config/settings.h"
#include "server/listener.h"
#include "server/server.h"

namespace gatehouse::cli {

/// A service is mostly made within a tenth of a second, in which requests wait in the socket, as at
/// every restart, and nobody notices. Where MySQL does not answer it may take as long as several
/// time-outs of [mysql]: then a server begins beside it that answers 503, with the reason "away",
/// and which goes on by the service once that is made. To be used by one thread.
class EarlyServer {
 public:
  /// How long requests wait before they are answered without the service: long enough for a restart
  /// on a busy host, which nobody is to notice.
  static constexpr std::chrono::seconds kPatience{2};

  /// `on_begin` is called by another thread when it begins to answer.
  EarlyServer(config::Server settings, std::vector<server::Listener> listeners,
              std::function<void()> on_begin, std::chrono::milliseconds patience = kPatience);
  EarlyServer(const EarlyServer&) = delete;
  EarlyServer(EarlyServer&&) = delete;
  EarlyServer& operator=(const EarlyServer&) = delete;
  EarlyServer& operator=(EarlyServer&&) = delete;
  ~EarlyServer() = default;

  /// The server, which answers by `application` from now on. Throws what the constructor of
  /// server::Server throws. To be called once, and then nothing else.
  [[nodiscard]] std::unique_ptr<server::Server> go_on(server::Server::Application application);
  /// Answers no more, and gives the sockets back.
  [[nodiscard]] std::vector<server::Listener> give_up();

 private:
  void begin_late(const std::stop_token& stop, std::chrono::milliseconds patience) noexcept;

  const config::Server settings_;
  const std::function<void()> on_begin_;
  // The thread uses these, and the others only once it has ended.
  std::vector<server::Listener> listeners_;
  std::unique_ptr<server::Server> server_{};
  std::exception_ptr failed_{};
  Monitor<bool> pause_{false};
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::cli
