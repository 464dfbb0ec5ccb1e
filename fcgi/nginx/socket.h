/// Checks whether nginx's workers may open Gatehouse's socket on this machine.
#pragma once

#include <optional>
#include <string>

#include "base/as_user.h"
#include "nginx/finding.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// The line `server unix:PATH` in `upstream gatehouse`; null if Gatehouse listens elsewhere.
[[nodiscard]] const Directive* socket_line(const Site& site);
/// The path in that line.
[[nodiscard]] std::string socket_path(const Directive& socket_line);

/// The user of nginx's workers: that of the line `user`, else `by_default`, with which nginx was
/// built. Nothing if there is no such user here.
[[nodiscard]] std::optional<SystemUser> worker_of(const Site& site, const std::string& by_default);

/// A warning if the socket is there and the workers' user may not open it, or may not enter a
/// folder on the way to it. Nothing if they may, or if the socket or the user does not exist here,
/// as when another host's configuration is checked.
[[nodiscard]] std::optional<Finding> socket_finding(const Site& site,
                                                    const std::string& worker_by_default = "");

}  // namespace gatehouse::nginx
