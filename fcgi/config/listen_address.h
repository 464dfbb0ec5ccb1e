/// Parses Server::listen, the address at which the service listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::config {

/// The path of a unix socket, or a host and a port if the path is empty.
struct ListenAddress {
  std::string path;        ///< 1 to 107 bytes, as many as a sockaddr_un holds
  std::string host;        ///< a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 0;  ///< 1 to 65535

  /// Parses `unix:PATH`, `HOST:PORT` or `[ADDRESS]:PORT`; `invalid` for any other text.
  static Result<ListenAddress> parse(std::string_view text);
};

/// True if the text has the form of a host name (RFC 1123) of 1 to 253 bytes. IPv4 addresses have
/// the same form.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;
[[nodiscard]] bool is_ipv6_address(std::string_view text);
/// Says whether a connection to `host` certainly stays on this machine: `localhost` in any case, an
/// address in 127.0.0.0/8 (as IPv4-mapped IPv6, too) or ::1, however it is written. Everything in
/// the program that asks this asks here, so that no two parts of it disagree. False for the short
/// form `127.1`, which not every resolver reads alike, and for any other name.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace gatehouse::config
