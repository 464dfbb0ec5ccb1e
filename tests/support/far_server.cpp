#include "support/far_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace gatehouse::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

sockaddr* raw(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

/// A listening socket on a port that the kernel chooses.
int listen_anywhere(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (fd < 0 || ::bind(fd, raw(address), size) != 0 || ::listen(fd, 64) != 0 ||
      ::getsockname(fd, raw(address), &size) != 0) {
    throw std::runtime_error("no free port");
  }
  port = ntohs(address.sin_port);
  return fd;
}

void send_at_once(int fd) {
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

/// Hands on until one side ends, and counts how often there was something.
void pump(int from, int to, std::chrono::microseconds delay, std::atomic<std::size_t>& count) {
  std::array<char, 65536> bytes{};
  for (ssize_t got = 0; (got = ::read(from, bytes.data(), bytes.size())) > 0;) {
    ++count;
    if (delay.count() > 0) std::this_thread::sleep_for(delay);
    for (ssize_t sent = 0; sent < got;) {
      const ssize_t now =
          ::send(to, bytes.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
      if (now <= 0) break;
      sent += now;
    }
  }
  ::shutdown(from, SHUT_RDWR);
  ::shutdown(to, SHUT_RDWR);
}

}  // namespace

struct FarServer::State {
  std::uint16_t server = 0;
  std::chrono::microseconds delay{0};
  std::uint16_t port = 0;
  int listener = -1;
  std::mutex mutex;
  std::vector<int> sockets;  // under mutex
  std::atomic<std::size_t> connections{0}, turns{0}, answers{0};
  std::list<std::jthread> pumps;  // of the accepting thread
  std::jthread accepting;

  void accept_all() {
    for (int client = 0; (client = ::accept(listener, nullptr, nullptr)) >= 0;) {
      const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      auto address = loopback(server);
      static_cast<void>(::connect(fd, raw(address), sizeof address));
      for (const int one : {client, fd}) send_at_once(one);
      ++connections;
      {
        const std::lock_guard lock(mutex);
        sockets.insert(sockets.end(), {client, fd});
      }
      pumps.emplace_back([=, this] { pump(client, fd, delay, turns); });
      pumps.emplace_back([=, this] { pump(fd, client, {}, answers); });
    }
  }
};

FarServer::FarServer(std::uint16_t port, std::chrono::microseconds delay)
    : state_(std::make_unique<State>()) {
  state_->server = port;
  state_->delay = delay;
  state_->listener = listen_anywhere(state_->port);
  state_->accepting = std::jthread([state = state_.get()] { state->accept_all(); });
}

FarServer::~FarServer() {
  ::shutdown(state_->listener, SHUT_RDWR);
  state_->accepting.join();
  for (const int fd : state_->sockets) ::shutdown(fd, SHUT_RDWR);
  state_->pumps.clear();
  for (const int fd : state_->sockets) ::close(fd);
  ::close(state_->listener);
}

std::uint16_t FarServer::port() const noexcept {
  return state_->port;
}

std::size_t FarServer::connections() const noexcept {
  return state_->connections;
}

std::size_t FarServer::turns() const noexcept {
  return state_->turns;
}

}  // namespace gatehouse::test
