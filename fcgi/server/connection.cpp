#include "server/connection.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "server/framing.h"

namespace gatehouse::server {
namespace {

/// A record as in FastCGI 1.0 §3.3, for the one answer that libfcgi cannot give.
std::string record(unsigned char type, std::uint16_t id, std::string_view content) {
  const auto high = [](std::size_t number) { return static_cast<char>(number >> 8U & 0xffU); };
  const auto low = [](std::size_t number) { return static_cast<char>(number & 0xffU); };
  const std::string header = {'\1',
                              static_cast<char>(type),
                              high(id),
                              low(id),
                              high(content.size()),
                              low(content.size()),
                              '\0',
                              '\0'};
  return header + std::string(content);
}

Connection::Time::rep ticks_now() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

std::optional<Connection::Time> time_at(Connection::Time::rep ticks) noexcept {
  if (ticks == 0) return std::nullopt;
  return Connection::Time(Connection::Time::duration(ticks));
}

}  // namespace

Connection::Connection(Fd fd, int epoll, Connections& all)
    : fd_(std::move(fd)), epoll_(epoll), all_(all) {
  all_.enter(*this);
}

Connection::~Connection() {
  // Closing the socket is not enough: while another thread is in a call with it (the thread that
  // has just handed it to epoll), epoll keeps it and would hand out this object again.
  unwatch();
  all_.leave(*this);
  wipe(part_);
  wipe(unsent_);
}

Connection::Received Connection::receive() {
  static thread_local std::vector<unsigned char> buffer(kMaxRequestBytes);
  const ssize_t size =
      ::recv(fd_.get(), buffer.data(), kMaxRequestBytes - part_.size(), MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Received::incomplete;
  if (size <= 0) return Received::unusable;
  const Bytes came(buffer.data(), static_cast<std::size_t>(size));
  const Received received = part_.empty() ? judge(came) : Received::incomplete;
  if (received == Received::complete) return received;  // the usual case, without a copy
  const Received with_rest = received == Received::incomplete ? keep(came) : received;
  wipe(came);  // also where it is refused: it would stay in the buffer until the next request
  return with_rest;
}

/// Appends the bytes to what has come of the request before.
Connection::Received Connection::keep(Bytes came) {
  if (part_.empty()) {
    part_.reserve(kMaxRequestBytes);  // to grow it later would leave copies behind
    incomplete_since_.store(ticks_now(), std::memory_order_relaxed);
  }
  part_.insert(part_.end(), came.begin(), came.end());
  return judge(part_);
}

Connection::Received Connection::judge(Bytes bytes) {
  const Framing framing = check_framing(bytes);
  switch (framing.state) {
    case Framing::State::incomplete:
      return Received::incomplete;
    case Framing::State::complete:
      whole_ = bytes;
      return Received::complete;
    case Framing::State::oversized:
      oversized_id_ = framing.request_id;
      return Received::oversized;
    case Framing::State::malformed:
      return Received::unusable;
  }
  return Received::unusable;
}

std::optional<http::Request> Connection::read() {
  incomplete_since_.store(0, std::memory_order_relaxed);
  const std::vector<unsigned char> part = std::exchange(part_, {});  // `whole_` may lie in it
  auto request = codec_.read(std::exchange(whole_, {}));
  if (request) {
    const bool is_head = request->method() == http::Method::head;
    body_ = is_head ? http::Body::left_out : http::Body::sent;
  }
  return request;
}

bool Connection::answer(const http::Response& response) {
  const Secret text(http::to_cgi(response, body_));  // it may set a session cookie
  keep_ = codec_.write(text.view(), unsent_);
  return send_rest();
}

bool Connection::send_rest() {
  while (sent_ < unsent_.size()) {
    const ssize_t size = ::send(fd_.get(), unsent_.data() + sent_, unsent_.size() - sent_,
                                MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size > 0) {
      sent_ += static_cast<std::size_t>(size);
      if (unsent_since_ != 0) unsent_since_ = ticks_now();
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (unsent_since_ == 0) unsent_since_ = ticks_now();
    return true;
  }
  wipe(unsent_);
  if (sent_ > kMaxRequestBytes) unsent_.shrink_to_fit();
  sent_ = 0;
  unsent_since_ = 0;
  return keep_;
}

std::optional<Connection::Time> Connection::unsent_since() const noexcept {
  return time_at(unsent_since_.load(std::memory_order_relaxed));
}

void Connection::refuse_oversized() {
  constexpr unsigned char kStandardOutput = 6;
  constexpr unsigned char kEndRequest = 3;
  const std::string text = http::to_cgi(http::refusal(413), http::Body::sent);
  const std::string answer = record(kStandardOutput, oversized_id_, text) +
                             record(kStandardOutput, oversized_id_, "") +
                             record(kEndRequest, oversized_id_, std::string(8, '\0'));
  ::send(fd_.get(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool Connection::peer_gone() const noexcept {
  pollfd state{.fd = fd_.get(), .events = 0, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
}

std::optional<Connection::Time> Connection::idle_since() const noexcept {
  return time_at(idle_since_.load(std::memory_order_relaxed));
}

void Connection::mark_idle() noexcept {
  idle_since_.store(ticks_now(), std::memory_order_relaxed);
}

void Connection::mark_busy() noexcept {
  idle_since_.store(0, std::memory_order_relaxed);
}

std::optional<Connection::Time> Connection::incomplete_since() const noexcept {
  return time_at(incomplete_since_.load(std::memory_order_relaxed));
}

bool Connection::watch() noexcept {
  const std::uint32_t events = unsent_.empty() ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
  if (watched_ == events) return true;
  const int change = watched_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  // This must come first: as soon as epoll has the connection, another thread may have it.
  watched_ = events;
  epoll_event event{.events = events, .data = {.ptr = this}};
  return ::epoll_ctl(epoll_, change, fd_.get(), &event) == 0;
}

void Connection::unwatch() noexcept {
  if (watched_ != 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd_.get(), nullptr);
  watched_ = 0;
}

}  // namespace gatehouse::server
