/// How visitors come to nginx: over TLS or not, and through which proxies.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cli/check/parts.h"
#include "cli/check/places.h"
#include "config/listen_address.h"
#include "nginx/access.h"
#include "nginx/resource.h"

namespace gatehouse::cli::checks {
namespace {

using nginx::Directive;
using nginx::Level;

bool has_argument(const Directive& line, std::string_view word) {
  return std::find(line.arguments.begin(), line.arguments.end(), word) != line.arguments.end();
}

/// The host in `listen 127.0.0.1:80`, `listen [::1]:80`, `listen localhost`; "" for a port alone.
std::string_view host_of(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  const auto host = address.substr(0, address.rfind(':'));
  const bool is_port = !host.empty() && std::all_of(host.begin(), host.end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  return is_port ? "" : host;
}

/// How a server is reached.
struct Server {
  const Level& level;
  const Directive* plain = nullptr;  ///< a `listen` without TLS, if there is one
  bool here_alone = true;            ///< only programs of this host reach the plain ones
  bool told_of_tls = false;          ///< it says that a proxy ends TLS
  bool behind_proxy = false;         ///< it believes a proxy's word on the visitor's address
};

Server look_at(const Level& level) {
  Server server{level};
  for (const Directive* const listen : level.all_here({"listen"})) {
    const std::string_view address = listen->argument(0);
    if (has_argument(*listen, "ssl") || has_argument(*listen, "quic")) continue;
    if (!server.plain) server.plain = listen;
    const bool here = address.starts_with("unix:") || config::is_loopback(host_of(address));
    if (!here) server.here_alone = false;
  }
  if (level.all_here({"listen"}).empty()) {
    server.plain = level.directive;  // nginx listens at port 80
    server.here_alone = false;
  }
  for (const Directive* const line : level.all_here({"set"})) {
    if (line->argument(0) == "$gatehouse_https" && line->argument(1) == "on") {
      server.told_of_tls = true;
    }
  }
  server.behind_proxy = !level.list({"set_real_ip_from"}).empty();
  return server;
}

/// Reports logins over plain HTTP, and cookies that would not be kept, or not be safe.
void check_tls(const Server& server, const config::Cookie& cookie, Findings& findings) {
  if (server.plain == nullptr || server.told_of_tls || server.here_alone) return;
  const nginx::Place& place = server.plain->place;
  const bool always = cookie.secure == config::CookieSecure::always;
  if (server.behind_proxy && !always) {
    findings.warn(at(place,
                     "a proxy stands in front (set_real_ip_from), and nothing says that it "
                     "ends TLS, so that the cookie is not Secure",
                     "`set $gatehouse_https on;` in this server, or cookie.secure = \"always\""));
  } else if (!server.behind_proxy && always) {
    findings.add(at(place,
                    "cookie.secure is \"always\", and browsers keep no such cookie from "
                    "plain HTTP, so that nobody stays logged in here",
                    "`listen 443 ssl;` (gatehouse/tls.conf), or `return 301 "
                    "https://$host$request_uri;` in a server of its own for port 80"));
  } else if (!server.behind_proxy) {
    findings.warn(at(place,
                     "passwords and cookies come over plain HTTP here, and whoever is on the "
                     "way reads them",
                     "`listen 443 ssl;` (gatehouse/tls.conf), with a server of its own for port "
                     "80 that redirects; where a proxy ends TLS, `set $gatehouse_https on;`"));
  }
}

/// Reports proxies whose word is believed in the wrong way: everybody would be one visitor, or
/// anybody could choose an address.
void check_addresses(const Server& server, Findings& findings) {
  const auto trusted = server.level.list({"set_real_ip_from"});
  const Directive* const header = server.level.setting("real_ip_header");
  for (const Directive* const line : trusted) {
    if (!nginx::is_everybody(line->argument(0))) continue;
    findings.add(at(
        line->place,
        "anybody may claim any address by a header, and so pass limits that count "
        "addresses",
        fmt::format("Name the addresses of your proxies in the place of {}", line->argument(0))));
  }
  if (header != nullptr && trusted.empty()) {
    findings.warn(at(header->place,
                     "real_ip_header does nothing without set_real_ip_from: all "
                     "visitors of a proxy count as one",
                     "Add `set_real_ip_from ADDRESS_OF_THE_PROXY;`"));
  }
  for (const Directive* const listen : server.level.all_here({"listen"})) {
    if (!has_argument(*listen, "proxy_protocol")) continue;
    if (header != nullptr && header->argument(0) == "proxy_protocol") continue;
    findings.warn(at(listen->place, "the visitor's address in the PROXY protocol is not used",
                     "Add `real_ip_header proxy_protocol;` and `set_real_ip_from "
                     "ADDRESS_OF_THE_PROXY;`"));
  }
  if (server.plain != nullptr && server.here_alone && trusted.empty()) {
    findings.warn(at(server.plain->place,
                     "only a program of this host comes in here, so that all visitors count as "
                     "one",
                     "`set_real_ip_from 127.0.0.1;` (or unix:) and `real_ip_header "
                     "X-Forwarded-For;`, and `set $gatehouse_https on;` where that program ends "
                     "TLS"));
  }
}

}  // namespace

std::vector<const Level*> mounts_of(const nginx::Site& site) {
  std::vector<const Level*> mounts;
  for (const Level* const server : site.servers()) {
    const auto levels = nginx::Site::levels(*server);
    const bool mounts_us = std::any_of(levels.begin(), levels.end(), [](const Level* level) {
      const Directive* const handler = nginx::handler_of(*level);
      return handler != nullptr && handler->name == "fastcgi_pass" &&
             handler->argument(0) == "$gatehouse_upstream" &&
             nginx::fastcgi_parameter(*level, "GATEHOUSE_INTERNAL") == nullptr;
    });
    if (mounts_us) mounts.push_back(server);
  }
  return mounts;
}

void check_transport(const nginx::Site& site, const config::Settings& settings,
                     Findings& findings) {
  for (const Level* const level : mounts_of(site)) {
    const Server server = look_at(*level);
    check_tls(server, settings.cookie, findings);
    check_addresses(server, findings);
  }
}

}  // namespace gatehouse::cli::checks
