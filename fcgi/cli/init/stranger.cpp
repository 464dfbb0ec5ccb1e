#include "cli/init/stranger.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include "base/fd.h"
#include "cli/init/nginx_host.h"

namespace gatehouse::cli::init {
namespace {

constexpr timeval kLongestAnswer = {5, 0};
constexpr std::size_t kMostOfAnswer = 64U << 10U;

bool has(const nginx::Directive& listen, std::string_view word) {
  return std::find(listen.arguments.begin(), listen.arguments.end(), word) !=
         listen.arguments.end();
}

/// A name by which the server is asked: one without wildcards and expressions.
std::string plain_name(const nginx::Level& server) {
  for (const auto& name : server_names(server)) {
    const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return c == '.' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
             (c >= 'A' && c <= 'Z');
    });
    if (is_plain && !name.empty() && !name.starts_with('.')) return name;
  }
  return "";
}

std::optional<Door> door_of(const nginx::Level& server, std::string_view listen, bool tls) {
  Door door;
  door.tls = tls;
  std::string_view port;
  if (const auto colon = listen.rfind(':');
      colon != std::string_view::npos && listen.find(']', colon) == std::string_view::npos) {
    door.address = listen.substr(0, colon);
    port = listen.substr(colon + 1);
  } else if (listen.find_first_not_of("0123456789") == std::string_view::npos) {
    port = listen;
  } else {
    door.address = listen;
    port = "80";
  }
  if (door.address.starts_with('[') && door.address.ends_with(']')) {
    door.address = door.address.substr(1, door.address.size() - 2);
  }
  if (door.address == "*" || door.address == "0.0.0.0" || door.address == "localhost") {
    door.address = "127.0.0.1";
  }
  if (door.address == "::") door.address = "::1";
  const auto read = std::from_chars(port.data(), port.data() + port.size(), door.port);
  if (read.ec != std::errc() || door.port == 0) return std::nullopt;
  const std::string name = plain_name(server);
  door.host = !name.empty()                                 ? name
              : door.address.find(':') != std::string::npos ? fmt::format("[{}]", door.address)
                                                            : door.address;
  if (door.port != (tls ? 443 : 80)) door.host += fmt::format(":{}", door.port);
  return door;
}

tl::unexpected<Error> no_answer(const Door& door, const std::string& path) {
  return fail(Error::Kind::unavailable,
              fmt::format("{} does not answer at {} port {}: does nginx run?", door.url(path),
                          door.address, door.port));
}

Fd connected(const Door& door) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool is_v4 = ::inet_pton(AF_INET, door.address.c_str(), &v4.sin_addr) == 1;
  if (!is_v4 && ::inet_pton(AF_INET6, door.address.c_str(), &v6.sin6_addr) != 1) return {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(door.port);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(door.port);
  Fd peer(::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &kLongestAnswer, sizeof kLongestAnswer);
  ::setsockopt(peer.get(), SOL_SOCKET, SO_SNDTIMEO, &kLongestAnswer, sizeof kLongestAnswer);
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): the way of the sockets' interface
  const auto* const address =
      is_v4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto size = static_cast<socklen_t>(is_v4 ? sizeof v4 : sizeof v6);
  return ::connect(peer.get(), address, size) == 0 ? std::move(peer) : Fd();
}

struct FreeTls {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  void operator()(SSL* connection) const { ::SSL_free(connection); }
};

/// Sends the request and reads the beginning of the answer, over TLS or not.
class Exchange {
 public:
  Exchange(const Door& door, Fd peer) : peer_(std::move(peer)) {
    if (!door.tls) return;
    context_.reset(::SSL_CTX_new(::TLS_client_method()));
    ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_NONE, nullptr);
    tls_.reset(::SSL_new(context_.get()));
    const std::string name = door.host.substr(0, door.host.find(':'));
    // What SSL_set_tlsext_host_name() stands for, which is a macro with a C cast.
    ::SSL_ctrl(tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(name.c_str()));
    ::SSL_set_fd(tls_.get(), peer_.get());
    whole_ = ::SSL_connect(tls_.get()) == 1;
  }

  std::string run(const std::string& request) {
    const auto size = static_cast<int>(request.size());
    const bool sent = whole_ && (tls_ ? ::SSL_write(tls_.get(), request.data(), size) == size
                                      : ::send(peer_.get(), request.data(), request.size(),
                                               MSG_NOSIGNAL) == size);
    std::string answer;
    while (sent && answer.find("\r\n") == std::string::npos && answer.size() < kMostOfAnswer) {
      std::array<char, 4096> buffer{};
      const auto got = tls_
                           ? ::SSL_read(tls_.get(), buffer.data(), int{buffer.size()})
                           : static_cast<int>(::recv(peer_.get(), buffer.data(), buffer.size(), 0));
      if (got <= 0) break;
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return answer;
  }

 private:
  Fd peer_;
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::unique_ptr<SSL, FreeTls> tls_;
  bool whole_ = true;
};

}  // namespace

std::string Door::url(const std::string& path) const {
  return fmt::format("{}://{}{}", tls ? "https" : "http", host, path);
}

std::vector<Door> doors_of(const nginx::Level& server) {
  std::vector<Door> doors;
  const auto lines = server.all_here({"listen"});
  for (const auto* line : lines) {
    const auto address = line->argument(0);
    if (address.starts_with("unix:") || has(*line, "quic") || has(*line, "proxy_protocol"))
      continue;
    const bool tls = has(*line, "ssl") || server.is_on("ssl", nginx::Level::Default::off);
    if (auto door = door_of(server, address, tls)) doors.push_back(std::move(*door));
  }
  if (lines.empty()) {
    if (auto door = door_of(server, "80", false)) doors.push_back(std::move(*door));
  }
  return doors;
}

Result<int> ask_as_stranger(const Door& door, const std::string& path) {
  Fd peer = connected(door);
  if (!peer) return no_answer(door, path);
  const std::string answer = Exchange(door, std::move(peer))
                                 .run(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n"
                                                  "Connection: close\r\n\r\n",
                                                  path, door.host));
  constexpr std::string_view kHead = "HTTP/1.1 ";
  int status = 0;
  if (answer.size() < kHead.size() + 3 || !answer.starts_with(kHead)) return no_answer(door, path);
  std::from_chars(answer.data() + kHead.size(), answer.data() + kHead.size() + 3, status);
  return status;
}

bool is_closed(int status) noexcept {
  return status == 303 || status == 401;
}

}  // namespace gatehouse::cli::init
