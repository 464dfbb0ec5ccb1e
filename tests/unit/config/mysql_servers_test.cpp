#include "config/mysql_servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gatehouse::config {
namespace {

using testing::ElementsAre;

/// `HOST|PORT` of each; empty if it is refused.
std::vector<std::string> servers(std::string host) {
  Mysql settings;
  settings.socket.clear();
  settings.host = std::move(host);
  settings.port = 3307;
  std::vector<std::string> all;
  const auto found = servers_of(settings);
  for (const auto& server : found.value_or(std::vector<Mysql>())) {
    EXPECT_EQ(server.database, settings.database);
    all.push_back(server.host + "|" + std::to_string(server.port));
  }
  return all;
}

TEST(MysqlServers, AreOneOrMoreInTheirOrder) {
  EXPECT_THAT(servers("db.example"), ElementsAre("db.example|3307"));
  EXPECT_THAT(servers("db1:3306, 192.0.2.1 ,[2001:db8::1]:3308,::1"),
              ElementsAre("db1|3306", "192.0.2.1|3307", "2001:db8::1|3308", "::1|3307"));
}

TEST(MysqlServers, AreTheSettingsThemselvesWhereThereIsASocket) {
  Mysql settings;
  ASSERT_TRUE(servers_of(settings));
  EXPECT_EQ(servers_of(settings)->front().socket, settings.socket);
}

TEST(MysqlServers, AreRefusedForAnythingElse) {
  for (const char* text : {",", "a,", ",a", "a,,b", "a b", "a:0", "a:65536", "a:", ":1", "[::1]",
                           "unix:/x", "a;b", "[a]:1"}) {
    EXPECT_TRUE(servers(text).empty()) << text;
  }
  std::string many = "a";
  for (int i = 1; i < 16; ++i) many += ",a";
  EXPECT_EQ(servers(many).size(), 16U);
  EXPECT_TRUE(servers(many + ",a").empty());
}

}  // namespace
}  // namespace gatehouse::config
