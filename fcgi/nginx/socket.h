/// Checks whether nginx's workers may open Gatehouse's sockets on this machine.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/as_user.h"
#include "nginx/finding.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// A socket to which nginx passes requests for Gatehouse.
struct Socket {
  const Directive* line;  ///< `server unix:PATH` of an upstream, or `fastcgi_pass unix:PATH`
  std::string path;
};
/// Each socket once: those of the upstreams that a location passes to, or that
/// `$gatehouse_upstream` may name, those that a location names itself, and that of `upstream
/// gatehouse` in any case.
[[nodiscard]] std::vector<Socket> sockets_of(const Site& site);

/// The user of nginx's workers: that of the line `user`, else `by_default`, with which nginx was
/// built. Nothing if there is no such user here.
[[nodiscard]] std::optional<SystemUser> worker_of(const Site& site, const std::string& by_default);

/// A warning for each socket that is there and that the workers' user may not open, or on the way
/// to which is a folder that they may not enter. Nothing about one that does not exist here, or if
/// the user does not, as when another host's configuration is checked.
[[nodiscard]] std::vector<Finding> socket_findings(const Site& site,
                                                   const std::string& worker_by_default = "");

}  // namespace gatehouse::nginx
