/// The servers that Mysql::host names.
#pragma once

#include <vector>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Each as settings with it alone, in their order: `HOST`, `HOST:PORT`, an IPv6 address or
/// `[ADDRESS]:PORT`, 1 to 16 with commas between, without a port Mysql::port. Of a unix socket the
/// settings as they are. Total; `invalid` for anything else.
[[nodiscard]] Result<std::vector<Mysql>> servers_of(const Mysql& settings);

}  // namespace gatehouse::config
