/// Asks a site for a page as a stranger would: without a cookie.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "nginx/site.h"

namespace gatehouse::cli::init {

/// Where a server listens, and how it is called there.
struct Door {
  std::string address = "127.0.0.1";
  std::uint16_t port = 80;
  bool tls = false;
  std::string host;  ///< the name in the request, with the port unless it is the usual one

  /// `https://shop.example:8443/members/`, for messages.
  [[nodiscard]] std::string url(const std::string& path) const;
};

/// The addresses of the server over TCP, one for each `listen` by which it can be asked: not those
/// of unix sockets, of QUIC and of the PROXY protocol.
[[nodiscard]] std::vector<Door> doors_of(const nginx::Level& server);

/// The status of the answer to a GET. The certificate is not verified: the answer comes from this
/// host. `unavailable` if there is none within five seconds.
[[nodiscard]] Result<int> ask_as_stranger(const Door& door, const std::string& path);

/// True for an answer that lets nobody in: 303 leads to the login page, and 401 refuses.
[[nodiscard]] bool is_closed(int status) noexcept;

}  // namespace gatehouse::cli::init
