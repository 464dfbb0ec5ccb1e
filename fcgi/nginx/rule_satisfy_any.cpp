// Finds `satisfy-any`: networks whose visitors get in without being asked.
//
//     location ^~ /members/ { satisfy any; allow 127.0.0.1; deny all; auth_request gatehouse:*; }
//
// `satisfy any` makes one agreeing line enough. It is open if the network is everybody, or this
// machine, since a proxy or tunnel on it brings strangers, or if set_real_ip_from believes
// everybody, so that a visitor chooses an address by a header. For another network it is a
// warning.
#include <fmt/format.h>

#include "nginx/access.h"
#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

bool is_this_machine(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "unix:" ||
         address == "localhost";
}

/// True if nginx believes anybody who says in a header which address they have.
bool believes_everybody(const Level& level) {
  for (const auto* proxy : level.list({"set_real_ip_from"})) {
    if (is_everybody(proxy->argument(0))) return true;
  }
  return false;
}

void look_at(const Inspection& inspection, const Level& level) {
  const Directive* satisfy = level.setting("satisfy");
  const Directive* line = auth_request_of(level);
  if (!line || !satisfy || satisfy->argument(0) != "any") return;
  if (!is_meant_for_gatehouse(line->argument(0))) return;
  for (const auto* allow : level.list({"allow", "deny"})) {
    const std::string address(allow->argument(0));
    if (is_everybody(address) && allow->name == "deny") return;
    if (allow->name != "allow") continue;
    const bool spoofed = believes_everybody(level);
    const bool open = is_everybody(address) || is_this_machine(address) || spoofed;
    const char* how = is_this_machine(address) ? " (so does what comes by a proxy or tunnel on it)"
                      : spoofed ? " (so does whoever writes such an address in a header)"
                                : ", and applications learn no name";
    inspection.findings.add({open ? Finding::Weight::open : Finding::Weight::warning, "satisfy-any",
                             satisfy->place,
                             fmt::format("whoever comes from {} gets in without being asked{}",
                                         address == "all" ? "anywhere" : address, how),
                             "satisfy all;"});
    if (open) return;
  }
}

}  // namespace

void look_for_satisfy_any(const Inspection& inspection) {
  for (const auto* server : inspection.site.servers()) {
    for (const auto* level : Site::levels(*server)) look_at(inspection, *level);
  }
}

}  // namespace gatehouse::nginx
