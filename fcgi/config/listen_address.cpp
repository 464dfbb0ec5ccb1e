#include "config/listen_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "base/encoding.h"
#include "base/log.h"

namespace gatehouse::config {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un::sun_path) - 1;

bool is_label(std::string_view label) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), allowed);
}

Result<ListenAddress> parse_unix(std::string_view path) {
  const bool printable =
      std::none_of(path.begin(), path.end(), [](char c) { return c == '\0' || c == '\n'; });
  if (path.empty() || path.size() > kMaxSocketPath || !printable) {
    return fail(Error::Kind::invalid,
                fmt::format("the path of the socket must have 1 to {} bytes", kMaxSocketPath));
  }
  return ListenAddress{std::string(path), "", 0};
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return fail(Error::Kind::invalid,
                fmt::format("{} is not a port from 1 to 65535", log::quoted(text)));
  }
  return port;
}

/// The host without its brackets; empty if the text is not a host.
std::string_view parse_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    const std::string_view inner = text.substr(1, text.size() - 2);
    return is_ipv6_address(inner) ? inner : std::string_view();
  }
  return is_host_name(text) ? text : std::string_view();
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  if (text.substr(0, kUnix.size()) == kUnix) return parse_unix(text.substr(kUnix.size()));
  const auto colon = text.rfind(':');
  const std::string_view host = parse_host(text.substr(0, colon));
  if (colon == std::string_view::npos || host.empty()) {
    return fail(
        Error::Kind::invalid,
        fmt::format("{} is not one of unix:PATH, HOST:PORT, [ADDRESS]:PORT", log::quoted(text)));
  }
  return parse_port(text.substr(colon + 1)).map([&](std::uint16_t number) {
    return ListenAddress{"", std::string(host), number};
  });
}

bool is_host_name(std::string_view text) noexcept {
  if (text.size() > 253) return false;
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    if (!is_label(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_label(text);
}

bool is_ipv6_address(std::string_view text) {
  in6_addr address{};
  return text.find('\0') == std::string_view::npos &&
         ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_loopback(std::string_view host) {
  constexpr std::uint8_t kLoopbackNet = 127;
  constexpr std::size_t kMappedAt = 12;  // where IPv4 begins in ::ffff:a.b.c.d
  in_addr v4{};
  in6_addr v6{};
  const std::string text(host);
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1)
    return (ntohl(v4.s_addr) >> 24U) == kLoopbackNet;
  if (::inet_pton(AF_INET6, text.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6) ||
           (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[kMappedAt] == kLoopbackNet);
  }
  return equal_ignoring_case(host, "localhost");
}

}  // namespace gatehouse::config
