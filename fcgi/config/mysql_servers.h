/// Parses the list of servers in Mysql::host.
#pragma once

#include <vector>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Returns for each server, in the order of the list, settings that name that server alone. A
/// server is `HOST`, `HOST:PORT`, an IPv6 address or `[ADDRESS]:PORT`; without a port it has
/// Mysql::port. The list has 1 to 16 servers with commas between. For a unix socket the result is
/// the settings unchanged. `invalid` for any other text.
[[nodiscard]] Result<std::vector<Mysql>> servers_of(const Mysql& settings);

}  // namespace gatehouse::config
