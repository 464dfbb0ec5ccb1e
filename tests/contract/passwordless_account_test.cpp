/// Where the server does not say how its accounts are protected, a wrong password tells.
#include "mysql/passwordless_account.h"

#include <gtest/gtest.h>

#include "support/mariadb.h"

using gatehouse::Secret;
using gatehouse::mysql::Connection;
using gatehouse::mysql::open_account;
using gatehouse::test::MariaDb;

namespace {

TEST(OpenAccountTest, IsEachOfAServerWithoutItsTablesOfGrants) {
  const MariaDb server({"--skip-grant-tables", "--skip-networking"});
  auto settings = server.settings();
  settings.user = "gatehouse";
  const auto connection = Connection::open(settings, Secret::copy_of("a password"));
  ASSERT_TRUE(connection) << connection.error().what;
  const auto open = open_account(**connection, settings);
  ASSERT_TRUE(open) << open.error().what;
  EXPECT_TRUE(*open);
}

TEST(OpenAccountTest, IsNoneThatHasAPassword) {
  const MariaDb& server = MariaDb::shared();
  server.create("USER closed@localhost IDENTIFIED BY 'secret'");
  server.run({"GRANT ALL ON gatehouse.* TO closed@localhost"});
  auto settings = server.settings();
  settings.user = "closed";
  const auto connection = Connection::open(settings, Secret::copy_of("secret"));
  ASSERT_TRUE(connection) << connection.error().what;
  EXPECT_FALSE(open_account(**connection, settings).value());
}

}  // namespace
