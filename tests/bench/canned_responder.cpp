/// The limit for any backend: one thread, one epoll, no parsing beyond record headers, the same
/// bytes for every request, connections kept. `canned_responder SOCKET ANSWER_FILE`
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "unix_listener.h"

namespace gatehouse::bench {
namespace {

// FastCGI 1.0 §3.3 and §8.
constexpr std::size_t kHeaderBytes = 8;
constexpr unsigned char kVersion = 1;
constexpr unsigned char kEndRequest = 3;
constexpr unsigned char kStdin = 5;
constexpr unsigned char kStdout = 6;

std::string record(unsigned char type, std::string_view content) {
  const std::size_t padding = (kHeaderBytes - content.size() % kHeaderBytes) % kHeaderBytes;
  const std::array<unsigned char, kHeaderBytes> header{
      kVersion,
      type,
      0,
      1,
      static_cast<unsigned char>(content.size() >> 8U),
      static_cast<unsigned char>(content.size() & 0xffU),
      static_cast<unsigned char>(padding),
      0};
  return std::string(header.begin(), header.end()).append(content).append(padding, '\0');
}

/// As libfcgi frames it: the answer, the end of the stream, the end of the request. nginx always
/// calls its one request 1.
std::string framed(std::string_view answer) {
  return record(kStdout, answer) + record(kStdout, {}) +
         record(kEndRequest, std::string_view("\0\0\0\0\0\0\0\0", 8));
}

/// The bytes of a connection that do not yet make a whole request.
struct Connection {
  Fd fd;
  std::string pending;
};

/// Removes one request from the front, which ends with an empty STDIN record; false if none is
/// whole.
bool take_request(std::string& bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t begin = 0; begin + kHeaderBytes <= bytes.size();) {
    const std::size_t content = at(begin + 4) * 256UL + at(begin + 5);
    const std::size_t next = begin + kHeaderBytes + content + at(begin + 6);
    if (next > bytes.size()) return false;
    if (at(begin + 1) == kStdin && content == 0) {
      bytes.erase(0, next);
      return true;
    }
    begin = next;
  }
  return false;
}

/// False when the peer has gone.
bool serve(Connection& connection, std::string_view answer) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(connection.fd.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  connection.pending.append(buffer.data(), static_cast<std::size_t>(got));
  while (take_request(connection.pending)) {
    const ssize_t sent = ::send(connection.fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(answer.size())) return false;
  }
  return true;
}

void watch(int epoll, int fd, void* owner) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = owner;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

void accept_one(int epoll, int listener) {
  Fd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!fd) return;
  auto connection = std::make_unique<Connection>(Connection{std::move(fd), {}});
  const int descriptor = connection->fd.get();
  watch(epoll, descriptor, connection.release());  // owned by the epoll set from here on
}

[[noreturn]] void run(const Fd& listener, const std::string& answer) {
  const Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  watch(epoll.get(), listener.get(), nullptr);
  for (;;) {
    std::array<epoll_event, 64> events{};
    const int ready = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), -1);
    for (std::size_t i = 0; i < static_cast<std::size_t>(ready > 0 ? ready : 0); ++i) {
      std::unique_ptr<Connection> connection(static_cast<Connection*>(events[i].data.ptr));
      if (!connection) {
        accept_one(epoll.get(), listener.get());
      } else if (serve(*connection, answer)) {
        static_cast<void>(connection.release());
      }
    }
  }
}

}  // namespace
}  // namespace gatehouse::bench

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: canned_responder SOCKET ANSWER_FILE\n");
    return 2;
  }
  const std::string answer = gatehouse::bench::framed(gatehouse::bench::read_answer(arguments[2]));
  gatehouse::bench::run(gatehouse::bench::listen_at(arguments[1]), answer);
}
