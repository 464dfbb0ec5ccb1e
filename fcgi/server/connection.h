/// One connection from nginx: the socket, and what has been received and not yet sent on it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fd.h"
#include "http/request.h"
#include "http/response.h"
#include "server/connections.h"
#include "server/libfcgi.h"

namespace gatehouse::server {

/// The socket is non-blocking and nothing here ever waits: libfcgi gets a request once it is whole,
/// and the part of an answer that the peer does not take at once is kept and sent when it does.
///
/// One thread at a time works on a connection: it is handed on as a unique_ptr. While its epoll
/// watches it, the thread of that epoll owns it. Not movable: it holds a FcgiCodec.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  enum class Received : std::uint8_t {
    incomplete,  ///< nothing yet, or a part of a request
    complete,    ///< one whole request: call read()
    oversized,   ///< a request whose body is too long: call refuse_oversized()
    unusable,    ///< the peer has closed, or this is not one request: drop the connection
  };

  /// `epoll` and `all` must outlive the connection.
  Connection(Fd fd, int epoll, Connections& all);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Takes what the socket holds and says what there is now.
  [[nodiscard]] Received receive();
  /// Gives the request that receive() found complete; to be called right after it, on the same
  /// thread. Nothing if the connection is to be dropped.
  [[nodiscard]] std::optional<http::Request> read();
  /// Answers the request that was read. False if the connection is to be dropped then. A part of
  /// the answer may be left: see unsent_since().
  [[nodiscard]] bool answer(const http::Response& response);
  /// Sends what is left of the answer, as far as the peer takes it now. False if the connection is
  /// to be dropped then.
  [[nodiscard]] bool send_rest();
  /// Answers 413 to an oversized request, which is never read. The connection is to be dropped
  /// then.
  void refuse_oversized();
  /// True if the peer has closed, so that an answer would reach nobody.
  [[nodiscard]] bool peer_gone() const noexcept;

  /// The time since which it waits for a request; nothing while a request is worked on. Any thread
  /// may ask.
  [[nodiscard]] std::optional<Time> idle_since() const noexcept;
  void mark_idle() noexcept;
  void mark_busy() noexcept;
  /// The time since which a part of a request waits for the rest. Any thread may ask.
  [[nodiscard]] std::optional<Time> incomplete_since() const noexcept;
  /// The time since which the peer has taken nothing of an answer that waits for it; nothing if no
  /// answer waits. Any thread may ask.
  [[nodiscard]] std::optional<Time> unsent_since() const noexcept;

  /// From now on its epoll tells its thread what comes or, while a part of an answer waits, when
  /// more can be sent; no other thread may touch it. False if that fails.
  [[nodiscard]] bool watch() noexcept;
  /// Ends that. The epoll's thread must call it before it gives the connection to another.
  void unwatch() noexcept;
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  using Bytes = std::span<unsigned char>;

  [[nodiscard]] Received judge(Bytes bytes);
  [[nodiscard]] Received keep(Bytes came);

  Fd fd_;
  const int epoll_;
  std::uint32_t watched_ = 0;  ///< the events that epoll watches it for
  Connections& all_;
  FcgiCodec codec_;
  http::Body body_ = http::Body::sent;  ///< of the answer to the request that was read
  std::uint16_t oversized_id_ = 0;
  std::string unsent_;                          ///< FastCGI records of an answer
  std::size_t sent_ = 0;                        ///< bytes of unsent_ that the peer has
  bool keep_ = false;                           ///< whether the connection goes on after unsent_
  std::vector<unsigned char> part_;             ///< what has come of an incomplete request
  Bytes whole_;                                 ///< the complete request, from receive() to read()
  std::atomic<Time::rep> idle_since_{0};        ///< 0: not idle
  std::atomic<Time::rep> incomplete_since_{0};  ///< 0: not incomplete
  std::atomic<Time::rep> unsent_since_{0};      ///< 0: nothing is left to send
};

}  // namespace gatehouse::server
