/// Checks whether nginx's workers may open Gatehouse's socket on this machine.
#pragma once

#include <optional>

#include "nginx/finding.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// A warning if the socket is there and the workers' user may not open it. Nothing if they may, or
/// if the socket or the user does not exist here, as when another host's configuration is checked.
[[nodiscard]] std::optional<Finding> socket_finding(const Site& site);

}  // namespace gatehouse::nginx
