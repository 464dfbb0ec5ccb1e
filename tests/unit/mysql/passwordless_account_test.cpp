#include "mysql/passwordless_account.h"

#include <gtest/gtest.h>

namespace gatehouse::mysql {
namespace {

TEST(PasswordlessAccount, IsToldByTheServersOwnDescription) {
  for (const auto* const open :
       {"CREATE USER `g`@`localhost`", "CREATE USER `g`@`localhost` REQUIRE SSL",
        "CREATE USER ``@`%`", "CREATE USER `g`@`%` IDENTIFIED BY PASSWORD ''",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA mysql_native_password OR unix_socket",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket OR mysql_native_password",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA mysql_native_password USING '' REQUIRE SSL",
        "CREATE USER `IDENTIFIED VIA unix_socket`@`localhost`",
        "CREATE USER 'g'@'localhost' IDENTIFIED WITH 'mysql_native_password' REQUIRE NONE",
        "CREATE USER `g`@`localhost` IDENTIFIED WITH 'caching_sha2_password' REQUIRE NONE PASSWORD "
        "EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT"}) {
    EXPECT_EQ(tells_of_passwordless_login(open), true) << open;
  }
  for (const auto* const closed :
       {"CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket USING 'gatehouse'",
        "CREATE USER `g`@`localhost` IDENTIFIED BY PASSWORD '*14E65567ABDB5135D0CFD9A70B3032C1'",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA unix_socket OR mysql_native_password USING "
        "'*1'",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA ed25519 USING "
        "'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be'",
        "CREATE USER `g`@`localhost` IDENTIFIED VIA pam REQUIRE SSL",
        "CREATE USER `g`@`localhost` IDENTIFIED WITH 'auth_socket' REQUIRE NONE PASSWORD EXPIRE",
        "CREATE USER `g`@`localhost` IDENTIFIED WITH 'caching_sha2_password' AS <secret> REQUIRE "
        "NONE",
        "CREATE USER \"g\"@\"%\" IDENTIFIED WITH 'caching_sha2_password' AS '$A$005$x\\'y OR z' "
        "REQUIRE NONE"}) {
    EXPECT_EQ(tells_of_passwordless_login(closed), false) << closed;
  }
}

TEST(PasswordlessAccount, IsNotToldByAnythingElse) {
  for (const auto* const text :
       {"", "CREATE USER", "CREATE USER `g", "CREATE USER `g`", "DROP USER `g`@`h`",
        "CREATE USER `g`@`h` IDENTIFIED", "GRANT USAGE ON *.* TO `g`@`h`"}) {
    EXPECT_EQ(tells_of_passwordless_login(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gatehouse::mysql
