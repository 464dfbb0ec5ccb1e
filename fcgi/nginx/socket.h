/// Whether nginx's workers can reach Gatehouse on this machine.
#pragma once

#include <optional>

#include "nginx/finding.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// A warning where the socket is there and the user of the workers may not open it. Nothing where
/// either is not known here.
[[nodiscard]] std::optional<Finding> socket_finding(const Site& site);

}  // namespace gatehouse::nginx
