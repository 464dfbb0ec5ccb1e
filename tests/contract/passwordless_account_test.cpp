/// Where the server does not say how its accounts are protected, a wrong password tells.
#include "mysql/passwordless_account.h"

#include <gtest/gtest.h>

#include "support/mariadb.h"

using gatehouse::Secret;
using gatehouse::mysql::Connection;
using gatehouse::mysql::passwordless_account;
using gatehouse::test::MariaDb;

namespace {

TEST(PasswordlessAccountTest, IsEachOfAServerWithoutItsTablesOfGrants) {
  const MariaDb server({"--skip-grant-tables", "--skip-networking"});
  auto settings = server.settings();
  settings.user = "gatehouse";
  const auto connection = Connection::open(settings, Secret::copy_of("a password"));
  ASSERT_TRUE(connection) << connection.error().what;
  const auto open = passwordless_account(**connection, settings);
  ASSERT_TRUE(open) << open.error().what;
  EXPECT_TRUE(*open);
}

TEST(PasswordlessAccountTest, IsNoneThatHasAPassword) {
  const MariaDb& server = MariaDb::shared();
  server.create("USER closed@localhost IDENTIFIED BY 'secret'");
  server.run({"GRANT ALL ON gatehouse.* TO closed@localhost"});
  auto settings = server.settings();
  settings.user = "closed";
  const auto connection = Connection::open(settings, Secret::copy_of("secret"));
  ASSERT_TRUE(connection) << connection.error().what;
  EXPECT_FALSE(passwordless_account(**connection, settings).value());
}

}  // namespace
