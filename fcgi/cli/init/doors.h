/// The addresses at which a site of this host's nginx can be asked.
#pragma once

#include <string>
#include <vector>

#include "cli/stranger/url.h"
#include "nginx/site.h"

namespace gatehouse::cli::init {

/// Where a server listens, and how it is called there.
struct Door {
  std::string address = "127.0.0.1";
  Url url;  ///< with the name of the server as its host, and the path `/`
};

/// The addresses of the server over TCP, one for each `listen` by which it can be asked: not those
/// of unix sockets, of QUIC and of the PROXY protocol.
[[nodiscard]] std::vector<Door> doors_of(const nginx::Level& server);

}  // namespace gatehouse::cli::init
