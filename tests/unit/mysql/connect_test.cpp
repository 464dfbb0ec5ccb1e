/// Whether TLS is demanded: the file's check and the connection must never say different things.
#include "mysql/connect.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "config/load.h"
#include "config/mysql_servers.h"

namespace gatehouse::mysql {
namespace {

/// What a file with this host alone is told.
bool config_takes(const std::string& hosts) {
  return config::parse("[mysql]\nhost = \"" + hosts + "\"\n", "/g.toml").problems.empty();
}

/// What `migrate`, `serve` and the rest do with it.
bool connection_wants_tls(const std::string& hosts) {
  config::Mysql settings;
  settings.socket.clear();
  settings.host = hosts;
  const auto servers = config::servers_of(settings).value();
  return std::any_of(servers.begin(), servers.end(), demands_tls);
}

TEST(TlsToAServer, IsDemandedByTheFileAndTheConnectionAlike) {
  for (const auto* const here :
       {"localhost", "LOCALHOST", "LocalHost:3307", "127.0.0.1", "127.9.9.9", "::1",
        "0:0:0:0:0:0:0:1", "[0::1]:3307", "::ffff:127.0.0.1", "LOCALHOST, ::FFFF:127.0.0.2"}) {
    EXPECT_TRUE(config_takes(here)) << here;
    EXPECT_FALSE(connection_wants_tls(here)) << here;
  }
  for (const auto* const elsewhere :
       {"db", "localhost.example", "127.1", "127.0.0.1.example", "128.0.0.1", "0.0.0.0",
        "::", "::2", "::ffff:128.0.0.1", "::127.0.0.1", "localhost, db", "db:3307, LOCALHOST"}) {
    EXPECT_FALSE(config_takes(elsewhere)) << elsewhere;
    EXPECT_TRUE(connection_wants_tls(elsewhere)) << elsewhere;
  }
}

}  // namespace
}  // namespace gatehouse::mysql
