/// One connection from nginx: our socket, libfcgi's protocol.
#pragma once

#include <fcgiapp.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fd.h"
#include "http/request.h"
#include "http/response.h"
#include "server/connections.h"

namespace gatehouse::server {

/// The socket is non-blocking and nothing here ever waits: a request is read only once it is whole
/// in the socket's buffer, and a peer that does not take its answer is dropped.
/// One thread at a time works on a connection: it is handed on as a unique_ptr. Not movable:
/// FCGX_Request points into itself.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  enum class Arrival : std::uint8_t {
    nothing,     ///< no byte has come
    incomplete,  ///< part of a request has come
    complete,
    oversized,
    unusable,  ///< closed by the peer, or not one request: drop the connection
  };

  Connection(Fd fd, Connections& all);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Looks at what has come without taking it.
  [[nodiscard]] Arrival look();
  /// Takes the complete request; nothing if the connection is to be dropped.
  [[nodiscard]] std::optional<http::Request> read();
  /// Answers the request that was read; false if the connection is to be dropped then.
  [[nodiscard]] bool answer(const http::Response& response);
  /// Answers an oversized request, which is not read; the connection is to be dropped then.
  void refuse_oversized();
  /// The visitor has gone: an answer would reach nobody.
  [[nodiscard]] bool peer_gone() const noexcept;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Since when it waits for a request; nothing while it is worked on. Any thread may ask.
  [[nodiscard]] std::optional<Time> idle_since() const noexcept;
  /// To be called last before epoll gets the connection, and first by the thread that gets it from
  /// there: the one call sees all that was done before the other.
  void set_idle(bool idle) noexcept;
  /// How long to wait before the next look at an incomplete request; nothing if its time is up or
  /// the peer has ended it.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_look() noexcept;

  bool watched = false;  ///< epoll knows it

 private:
  [[nodiscard]] http::Params copy_params() const;
  [[nodiscard]] Secret read_body();

  Fd fd_;
  Connections& all_;
  FCGX_Request request_{};
  bool head_ = false;  // of the request that was read
  std::uint16_t oversized_id_ = 0;
  std::optional<Time> incomplete_since_;
  std::chrono::milliseconds look_delay_{1};
  std::atomic<Time::rep> idle_since_{0};  // 0: not idle
};

}  // namespace gatehouse::server
