#include "server/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "server/framing.h"

namespace gatehouse::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIncompleteLimit{5'000};
constexpr milliseconds kMostLookDelay{50};

/// A record of FastCGI 1.0 §3.3, for the one answer that libfcgi cannot give.
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

/// Whether the socket is in one of the states of poll(2).
bool has_ended(int fd, short states) noexcept {
  pollfd state{.fd = fd, .events = states, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & states) != 0;
}

}  // namespace

Connection::Connection(Fd fd, Connections& all) : fd_(std::move(fd)), all_(all) {
  FCGX_InitRequest(&request_, -1, 0);
  all_.enter(*this);
}

Connection::~Connection() {
  all_.leave(*this);
  request_.ipcFd = -1;  // fd_ closes it
  FCGX_Free(&request_, 0);
}

Connection::Arrival Connection::look() {
  static thread_local std::vector<unsigned char> buffer(kMaxRequestBytes);
  const ssize_t size = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Arrival::nothing;
  if (size <= 0) return Arrival::unusable;
  const Framing framing = check_framing({buffer.data(), static_cast<std::size_t>(size)});
  switch (framing.state) {
    case Framing::State::incomplete:
      return Arrival::incomplete;
    case Framing::State::complete:
      incomplete_since_.reset();
      look_delay_ = milliseconds(1);
      return Arrival::complete;
    case Framing::State::oversized:
      oversized_id_ = framing.request_id;
      return Arrival::oversized;
    case Framing::State::malformed:
      return Arrival::unusable;
  }
  return Arrival::unusable;
}

std::optional<http::Request> Connection::read() {
  request_.ipcFd = fd_.get();
  request_.keepConnection = 1;  // else its first act is to close the socket
  request_.detached = 1;        // its close lingers up to two seconds otherwise
  if (FCGX_Accept_r(&request_) != 0) {
    static_cast<void>(fd_.release());  // libfcgi has closed it
    return std::nullopt;
  }
  // It reports success on a request that broke off between two parameters.
  if (FCGX_GetError(request_.in) != 0) return std::nullopt;
  http::Params params = copy_params();
  http::Request request(std::move(params), read_body());
  if (FCGX_GetError(request_.in) != 0) return std::nullopt;
  head_ = request.method() == http::Method::head;
  return request;
}

http::Params Connection::copy_params() const {
  http::Params params;
  for (char** pair = request_.envp; *pair != nullptr; ++pair) {
    const std::string_view text(*pair);
    const auto equals = text.find('=');
    params.add(text.substr(0, equals), text.substr(std::min(text.size(), equals + 1)));
  }
  return params;
}

/// To its end, whatever the request: what is left unread would be taken for the next one.
Secret Connection::read_body() {
  std::string body;
  std::array<char, 4096> part{};
  int size = 0;
  do {
    size = FCGX_GetStr(part.data(), static_cast<int>(part.size()), request_.in);
    // At most one allocation: a second would leave a copy of the first behind.
    if (size == static_cast<int>(part.size())) body.reserve(kMaxRequestBytes);
    body.append(part.data(), static_cast<std::size_t>(size));
  } while (size == static_cast<int>(part.size()));
  // It is slow, and most requests have no body; a longer one has filled all of it.
  wipe(std::span(part).first(std::min(part.size(), body.size())));
  return Secret(std::move(body));
}

bool Connection::answer(const http::Response& response) {
  const std::string text = http::to_cgi(response, head_);
  FCGX_PutStr(text.data(), static_cast<int>(text.size()), request_.out);
  const bool keep = request_.keepConnection != 0;
  // What FCGX_Finish_r does, but for the socket, which stays ours to close.
  const bool failed = FCGX_FClose(request_.err) != 0 || FCGX_FClose(request_.out) != 0 ||
                      FCGX_GetError(request_.in) != 0;
  request_.ipcFd = -1;
  FCGX_Free(&request_, 0);
  return keep && !failed;
}

void Connection::refuse_oversized() {
  constexpr unsigned char kStandardOutput = 6;
  constexpr unsigned char kEndRequest = 3;
  const std::string text = http::to_cgi(http::refusal(413), false);
  const std::string answer = record(kStandardOutput, oversized_id_, text) +
                             record(kStandardOutput, oversized_id_, "") +
                             record(kEndRequest, oversized_id_, std::string(8, '\0'));
  ::send(fd_.get(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool Connection::peer_gone() const noexcept {
  return has_ended(fd_.get(), POLLHUP | POLLERR);
}

std::optional<Connection::Time> Connection::idle_since() const noexcept {
  const auto since = idle_since_.load(std::memory_order_relaxed);
  if (since == 0) return std::nullopt;
  return Time(Time::duration(since));
}

void Connection::set_idle(bool idle) noexcept {
  const auto now = idle ? std::chrono::steady_clock::now().time_since_epoch().count() : 0;
  idle_since_.exchange(now, std::memory_order_acq_rel);
}

std::optional<milliseconds> Connection::next_look() noexcept {
  if (has_ended(fd_.get(), POLLRDHUP | POLLHUP | POLLERR)) return std::nullopt;
  const Time now = std::chrono::steady_clock::now();
  if (!incomplete_since_) incomplete_since_ = now;
  if (now - *incomplete_since_ >= kIncompleteLimit) return std::nullopt;
  const milliseconds delay = look_delay_;
  look_delay_ = std::min(look_delay_ * 2, kMostLookDelay);
  return delay;
}

}  // namespace gatehouse::server
