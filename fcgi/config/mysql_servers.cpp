#include "config/mysql_servers.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "config/listen_address.h"

namespace gatehouse::config {
namespace {

constexpr std::size_t kMostServers = 16;

Result<Mysql> server_of(std::string_view text, const Mysql& settings) {
  Mysql server = settings;
  if (is_host_name(text) || is_ipv6_address(text)) {
    server.host = text;
    return server;
  }
  const auto address = ListenAddress::parse(text);
  if (!address || !address->path.empty()) {
    return fail(Error::Kind::invalid,
                fmt::format("{} is not a host name or IP address, with or without a port",
                            log::quoted(text)));
  }
  server.host = address->host;
  server.port = address->port;
  return server;
}

}  // namespace

Result<std::vector<Mysql>> servers_of(const Mysql& settings) {
  if (settings.host.empty()) return std::vector{settings};
  std::vector<Mysql> servers;
  std::string_view rest = settings.host;
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    auto server = server_of(trimmed(rest.substr(0, comma)), settings);
    if (!server) return tl::unexpected(std::move(server.error()));
    servers.push_back(std::move(*server));
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  if (servers.size() > kMostServers) {
    return fail(Error::Kind::invalid, fmt::format("more than {} servers", kMostServers));
  }
  return servers;
}

}  // namespace gatehouse::config
