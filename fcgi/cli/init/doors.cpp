#include "cli/init/doors.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/init/nginx_host.h"

namespace gatehouse::cli::init {
namespace {

bool has(const nginx::Directive& listen, std::string_view word) {
  return std::find(listen.arguments.begin(), listen.arguments.end(), word) !=
         listen.arguments.end();
}

/// A name by which the server is asked: one without wildcards and expressions.
std::string plain_name(const nginx::Level& server) {
  for (const auto& name : server_names(server)) {
    const bool is_plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return c == '.' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
             (c >= 'A' && c <= 'Z');
    });
    if (is_plain && !name.empty() && !name.starts_with('.')) return name;
  }
  return "";
}

std::optional<Door> door_of(const nginx::Level& server, std::string_view listen, bool tls) {
  Door door;
  door.url.tls = tls;
  door.url.target = "/";
  std::string_view port;
  if (const auto colon = listen.rfind(':');
      colon != std::string_view::npos && listen.find(']', colon) == std::string_view::npos) {
    door.address = listen.substr(0, colon);
    port = listen.substr(colon + 1);
  } else if (listen.find_first_not_of("0123456789") == std::string_view::npos) {
    port = listen;
  } else {
    door.address = listen;
    port = "80";
  }
  if (door.address.starts_with('[') && door.address.ends_with(']')) {
    door.address = door.address.substr(1, door.address.size() - 2);
  }
  if (door.address == "*" || door.address == "0.0.0.0" || door.address == "localhost") {
    door.address = "127.0.0.1";
  }
  if (door.address == "::") door.address = "::1";
  const auto read = std::from_chars(port.data(), port.data() + port.size(), door.url.port);
  if (read.ec != std::errc() || door.url.port == 0) return std::nullopt;
  const std::string name = plain_name(server);
  door.url.host = name.empty() ? door.address : name;
  return door;
}

}  // namespace

std::vector<Door> doors_of(const nginx::Level& server) {
  std::vector<Door> doors;
  const auto lines = server.all_here({"listen"});
  for (const auto* line : lines) {
    const auto address = line->argument(0);
    if (address.starts_with("unix:") || has(*line, "quic") || has(*line, "proxy_protocol"))
      continue;
    const bool tls = has(*line, "ssl") || server.is_on("ssl", nginx::Level::Default::off);
    if (auto door = door_of(server, address, tls)) doors.push_back(std::move(*door));
  }
  if (lines.empty()) {
    if (auto door = door_of(server, "80", false)) doors.push_back(std::move(*door));
  }
  return doors;
}

}  // namespace gatehouse::cli::init
