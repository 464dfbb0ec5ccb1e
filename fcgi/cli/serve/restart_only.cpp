#include "cli/serve/restart_only.h"

#include <array>
#include <string_view>

namespace gatehouse::cli {
namespace {

using config::Settings;

struct Row {
  std::string_view key;
  bool (*keep)(Settings& next, const Settings& now);  ///< whether it had another value
};

template <auto Section, auto Member>
bool keep(Settings& next, const Settings& now) {
  auto& value = next.*Section.*Member;
  const auto& old = now.*Section.*Member;
  if (value == old) return false;
  value = old;
  return true;
}

constexpr std::array<Row, 9> kRows = {{
    {"server.listen", keep<&Settings::server, &config::Server::listen>},
    {"server.socket_mode", keep<&Settings::server, &config::Server::socket_mode>},
    {"server.socket_group", keep<&Settings::server, &config::Server::socket_group>},
    {"server.instant_threads", keep<&Settings::server, &config::Server::instant_threads>},
    {"server.database_threads", keep<&Settings::server, &config::Server::database_threads>},
    {"server.login_threads", keep<&Settings::server, &config::Server::login_threads>},
    {"server.login_nice", keep<&Settings::server, &config::Server::login_nice>},
    {"session.store", keep<&Settings::session, &config::Session::store>},
    {"guard.capacity", keep<&Settings::guard, &config::Guard::capacity>},
}};

}  // namespace

std::string keep_what_needs_a_restart(Settings& next, const Settings& now) {
  std::string keys;
  for (const Row& row : kRows) {
    if (!row.keep(next, now)) continue;
    if (row.key == "session.store") next.session.hosts = now.session.hosts;
    if (!keys.empty()) keys += ", ";
    keys += row.key;
  }
  return keys;
}

}  // namespace gatehouse::cli
