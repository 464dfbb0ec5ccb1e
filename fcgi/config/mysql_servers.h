/// The servers that Mysql::host names.
#pragma once

#include <vector>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Gives settings for each server, with that one alone, in their order. A server is `HOST`,
/// `HOST:PORT`, an IPv6 address or `[ADDRESS]:PORT`; without a port Mysql::port counts. There are 1
/// to 16, with commas between. For a unix socket these are the settings as they are. Total;
/// `invalid` for anything else.
[[nodiscard]] Result<std::vector<Mysql>> servers_of(const Mysql& settings);

}  // namespace gatehouse::config
