#include "server/listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/system_group.h"
#include "config/listen_address.h"

namespace gatehouse::server {
namespace {

/// Connections that wait to be accepted; the kernel may cap it (net.core.somaxconn).
constexpr int kBacklog = 4096;

tl::unexpected<Error> system_error(std::string_view what) {
  return fail(Error::Kind::failed, fmt::format("{}: {}", what, std::strerror(errno)));
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  return address;
}

/// Removes a socket file that nobody listens on any more: bind(2) would fail at it.
Result<void> remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat state {};
  if (::lstat(path.c_str(), &state) != 0) return {};
  if (!S_ISSOCK(state.st_mode)) {
    return fail(Error::Kind::refused, fmt::format("{}: a file of this name exists and is not a "
                                                  "socket: remove it, or change server.listen",
                                                  path));
  }
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto connects = [&] {
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  };
  bool connected = connects();
  // A start that was killed between bind and chmod leaves a file that lets nobody in.
  if (!connected && errno == EACCES && ::chmod(path.c_str(), 0600) == 0) connected = connects();
  if (connected) {
    return fail(
        Error::Kind::refused,
        fmt::format("{}: another process listens there already: is Gatehouse running?", path));
  }
  if (errno != ECONNREFUSED || ::unlink(path.c_str()) != 0) return system_error(path);
  return {};
}

Result<void> set_access(const std::string& path, const config::Server& settings) {
  if (!settings.socket_group.empty()) {
    const auto group = find_group(settings.socket_group);
    if (!group) {
      return fail(Error::Kind::failed,
                  fmt::format("server.socket_group: there is no group {}", settings.socket_group));
    }
    if (::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0) return system_error(path);
  }
  if (::chmod(path.c_str(), settings.socket_mode) != 0) return system_error(path);
  return {};
}

Result<Listener> listen_unix(const std::string& path, const config::Server& settings) {
  const sockaddr_un address = unix_address(path);
  if (auto removed = remove_stale(path, address); !removed) {
    return tl::unexpected(removed.error());
  }
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // Nobody may connect before mode and group are as they must be.
  const mode_t before = ::umask(0777);
  const int bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound != 0) return system_error(path);
  Listener listener(std::move(fd), path);
  if (auto set = set_access(path, settings); !set) return tl::unexpected(set.error());
  if (::listen(listener.fd(), kBacklog) != 0) return system_error(path);
  return listener;
}

void set_option(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

/// Accepted sockets inherit these: a send buffer that holds any answer (writing never waits; that
/// of a unix socket is large by itself), and no delay between its parts.
void prepare_tcp(int fd) {
  constexpr int kSendBuffer = 256 * 1024;
  set_option(fd, SOL_SOCKET, SO_SNDBUF, kSendBuffer);
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

Result<Listener> listen_tcp(const config::ListenAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) {
    return fail(Error::Kind::failed, fmt::format("{}: {}", address.host, ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> result(found, &::freeaddrinfo);
  Fd fd(::socket(result->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  prepare_tcp(fd.get());
  if (::bind(fd.get(), result->ai_addr, result->ai_addrlen) != 0 ||
      ::listen(fd.get(), kBacklog) != 0) {
    return system_error(fmt::format("{} port {}", address.host, address.port));
  }
  return Listener(std::move(fd), {});
}

}  // namespace

Result<std::vector<Listener>> listeners_of_systemd() {
  const int count = sd_listen_fds(1);
  std::vector<Listener> listeners;
  for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; ++fd) {
    const bool usable = sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) > 0;
    Listener listener(Fd(fd), {});
    if (!usable) {
      return fail(
          Error::Kind::refused,
          fmt::format(
              "descriptor {} from systemd is not a listening stream socket: see gatehouse.socket",
              fd));
    }
    if (sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) <= 0) prepare_tcp(fd);
    const int flags = ::fcntl(fd, F_GETFL);
    if (::fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0) return system_error("fcntl");
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

Listener::Listener(Listener&& other) noexcept
    : fd_(std::move(other.fd_)), file_(std::exchange(other.file_, {})) {}

Listener::~Listener() {
  if (file_.empty()) return;
  // The file's inode is not the socket's: what tells ours apart is that nobody answers there once
  // this one is closed. (A start that failed may have left it without access: see remove_stale.)
  fd_.reset();
  static_cast<void>(remove_stale(file_, unix_address(file_)));
}

Result<std::vector<Listener>> open_listeners(const config::Server& settings) {
  const auto address = config::ListenAddress::parse(settings.listen);
  if (!address) return tl::unexpected(address.error());
  auto listener =
      address->path.empty() ? listen_tcp(*address) : listen_unix(address->path, settings);
  if (!listener) return tl::unexpected(listener.error());
  std::vector<Listener> listeners;
  listeners.push_back(std::move(*listener));
  return listeners;
}

}  // namespace gatehouse::server
