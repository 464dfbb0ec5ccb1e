/// Takes apart Server::listen, where the service listens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::config {

/// A unix socket if `path` is not empty, else host and port.
struct ListenAddress {
  std::string path;        ///< 1 to 107 bytes: what a sockaddr_un holds
  std::string host;        ///< a name, an IPv4 address, or an IPv6 address without its brackets
  std::uint16_t port = 0;  ///< 1 to 65535

  /// `unix:PATH`, `HOST:PORT` or `[ADDRESS]:PORT`. Total; `invalid` for anything else.
  static Result<ListenAddress> parse(std::string_view text);
};

/// A host name by its letters (RFC 1123; IPv4 addresses are of the same form), 1 to 253 bytes.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;
[[nodiscard]] bool is_ipv6_address(std::string_view text);
/// Says whether a connection to `host` certainly stays on this machine: `localhost` in any case, an
/// address in 127.0.0.0/8 (as IPv4-mapped IPv6, too) or ::1, however it is written. Everything in
/// the program that asks this asks here, so that no two parts of it disagree. False for the short
/// form `127.1`, which not every resolver reads alike, and for any other name.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace gatehouse::config
