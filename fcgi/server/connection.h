/// One connection from nginx: our socket, libfcgi's protocol.
#pragma once

#include <fcgiapp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fd.h"
#include "http/request.h"
#include "http/response.h"
#include "server/connections.h"

namespace gatehouse::server {

/// The socket is non-blocking and nothing here ever waits: libfcgi sees a request only once it is
/// whole, and what the peer does not take of an answer at once is kept and sent when it does.
/// One thread at a time works on a connection: it is handed on as a unique_ptr. Not movable:
/// FCGX_Request points into itself.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  enum class Arrival : std::uint8_t {
    incomplete,  ///< nothing yet, or part of a request
    complete,
    oversized,
    unusable,  ///< closed by the peer, or not one request: drop the connection
  };

  /// `epoll` is to outlive it.
  Connection(Fd fd, int epoll, Connections& all);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Takes what has come.
  [[nodiscard]] Arrival receive();
  /// The request that `receive` found complete, to be called right after it; nothing if the
  /// connection is to be dropped.
  [[nodiscard]] std::optional<http::Request> read();
  /// Answers the request that was read; false if the connection is to be dropped then. A part may
  /// be left: see `unsent_since`.
  [[nodiscard]] bool answer(const http::Response& response);
  /// Sends what is left of the answer, as far as the peer takes it now; false if the connection is
  /// to be dropped then.
  [[nodiscard]] bool send_rest();
  /// Since when the peer has taken nothing of an answer that waits for it; nothing if none waits.
  /// Any thread may ask.
  [[nodiscard]] std::optional<Time> unsent_since() const noexcept;
  /// Answers an oversized request, which is not read; the connection is to be dropped then.
  void refuse_oversized();
  /// The visitor has gone: an answer would reach nobody.
  [[nodiscard]] bool peer_gone() const noexcept;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Since when it waits for a request; nothing while it is worked on. Any thread may ask.
  [[nodiscard]] std::optional<Time> idle_since() const noexcept;
  void set_idle(bool idle) noexcept;
  /// Since when a part of a request waits for the rest. Any thread may ask.
  [[nodiscard]] std::optional<Time> incomplete_since() const noexcept;
  /// From now on its epoll tells its thread what comes, or, while a part of an answer waits, when
  /// more can be sent; and no other thread may touch it. False if that fails.
  [[nodiscard]] bool watch() noexcept;
  /// By its thread, before another gets it.
  void unwatch() noexcept;

 private:
  using Bytes = std::span<unsigned char>;

  [[nodiscard]] Arrival judge(Bytes bytes);
  [[nodiscard]] Arrival keep(Bytes came);
  [[nodiscard]] http::Params take_params(std::size_t most_bytes);
  [[nodiscard]] Secret read_body();

  Fd fd_;
  const int epoll_;
  std::uint32_t watched_ = 0;  // the events that epoll watches it for
  Connections& all_;
  FCGX_Request request_{};
  bool head_ = false;  // of the request that was read
  std::uint16_t oversized_id_ = 0;
  std::string unsent_;                          // of an answer: FastCGI records
  std::size_t sent_ = 0;                        // bytes of unsent_
  bool keep_ = false;                           // whether the connection goes on after unsent_
  std::vector<unsigned char> part_;             // of a request: what has come of an incomplete one
  Bytes whole_;                                 // the complete request, from `receive` to `read`
  std::atomic<Time::rep> idle_since_{0};        // 0: not idle
  std::atomic<Time::rep> incomplete_since_{0};  // 0: not incomplete
  std::atomic<Time::rep> unsent_since_{0};      // 0: nothing is left to send
};

}  // namespace gatehouse::server
