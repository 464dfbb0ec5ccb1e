/// The database account: its rights, and how it is logged in to.
#include "cli/init/rights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/init/account.h"

namespace gatehouse::cli::init {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(InitRights, AreGrantedColumnByColumnInOneStatementATable) {
  Rights wanted;
  add_rights(wanted, "blog", "x7_users", {"ID", "user_pass"});
  add_rights(wanted, "blog", "x7_users", {"user_pass"}, "UPDATE");
  EXPECT_THAT(grants(wanted, {}, "gatehouse"),
              ElementsAre("GRANT SELECT (`ID`, `user_pass`), UPDATE (`user_pass`) ON "
                          "`blog`.`x7_users` TO `gatehouse`@`localhost`"));
}

TEST(InitRights, AreNotGrantedTwice) {
  Rights wanted;
  add_rights(wanted, "blog", "a", {"x", "y"});
  add_rights(wanted, "blog", "b", {"x"});
  Granted now;
  now.rights.insert({"blog", "a", "SELECT", "x"});
  now.rights.insert({"blog", "b", "SELECT", ""});
  EXPECT_THAT(grants(wanted, now, "g"),
              ElementsAre("GRANT SELECT (`y`) ON `blog`.`a` TO `g`@`localhost`"));
}

TEST(InitRights, ToColumnsThatAreNotWantedAreTakenBackAndThoseToTablesStay) {
  Rights wanted;
  add_rights(wanted, "new", "t", {"x"});
  Granted now;
  add_rights(now.rights, "old", "t", {"x"});
  now.rights.insert({"other", "t", "SELECT", ""});
  EXPECT_THAT(revokes(wanted, now, "g"),
              ElementsAre("REVOKE SELECT (`x`) ON `old`.`t` FROM `g`@`localhost`"));
}

TEST(InitRights, QuoteHostileNames) {
  Rights wanted;
  add_rights(wanted, "s`", "t'", {"c`"});
  EXPECT_THAT(grants(wanted, {}, "g`"),
              ElementsAre("GRANT SELECT (`c```) ON `s```.`t'` TO `g```@`localhost`"));
}

TEST(InitAccount, IsReadFromWhatTheServersSay) {
  EXPECT_TRUE(account_of("CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket").by_socket);
  EXPECT_TRUE(account_of("CREATE USER `g`@`localhost` IDENTIFIED WITH 'auth_socket' REQUIRE NONE")
                  .by_socket);
  EXPECT_FALSE(account_of("CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket OR "
                          "mysql_native_password USING '*A'")
                   .by_socket);
  const auto password = account_of("CREATE USER `g`@`localhost` IDENTIFIED BY PASSWORD '*A'");
  EXPECT_TRUE(password.by_password);
  EXPECT_FALSE(password.by_socket);
  const auto open = account_of("CREATE USER `g`@`localhost`");
  EXPECT_FALSE(open.by_password || open.by_socket);
}

TEST(InitAccount, IsMadeOrClosedButNotTouchedWhereItIsRight) {
  EXPECT_EQ(socket_statement(std::nullopt, "gatehouse", Product::mariadb),
            "CREATE USER `gatehouse`@`localhost` IDENTIFIED VIA unix_socket");
  EXPECT_EQ(socket_statement(Account{}, "gatehouse", Product::mysql),
            "ALTER USER `gatehouse`@`localhost` IDENTIFIED WITH auth_socket");
  EXPECT_EQ(socket_statement(Account{.by_socket = true}, "gatehouse", Product::mysql),
            std::nullopt);
}

TEST(InitAccount, GetsAPasswordThatNobodyHasHad) {
  const Secret first = new_password();
  EXPECT_GE(first.size(), 32U);
  EXPECT_FALSE(first.equals(new_password().view()));
  EXPECT_EQ(password_statement(std::nullopt, "g", Product::mysql, Secret::copy_of("p")).view(),
            "CREATE USER `g`@`localhost` IDENTIFIED WITH caching_sha2_password BY 'p'");
}

}  // namespace
}  // namespace gatehouse::cli::init
