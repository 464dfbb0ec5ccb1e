/// What `check` advises about errors of MySQL's, from the texts of MariaDB 10.11 and MySQL 9.7.
#include "cli/check/mysql_remedies.h"

#include <gmock/gmock.h>

#include <string>

namespace gatehouse::cli::checks {
namespace {

using testing::HasSubstr;

Error error(const std::string& what) {
  return {Error::Kind::failed, what};
}

config::Settings settings() {
  config::Settings settings;
  settings.mysql.socket = "/run/mysqld/mysqld.sock";
  settings.mysql.user = "gatehouse";
  settings.mysql.database = "shop";
  return settings;
}

std::string key_for(const std::string& what) {
  return advice_for_connection(error(what), settings().mysql).key;
}

TEST(MysqlRemedies, NameTheSettingThatIsWrong) {
  EXPECT_EQ(key_for("MySQL error 1049: Unknown database 'shop'"), "mysql.database");
  EXPECT_EQ(key_for("MySQL error 1044: Access denied for user 'x'@'localhost' to database 'shop'"),
            "mysql.database");
  EXPECT_EQ(key_for("MySQL error 1045: Access denied for user 'x'@'localhost'"), "mysql.user");
  EXPECT_EQ(key_for("MySQL error 1698: Access denied for user 'x'@'localhost'"), "mysql.user");
  EXPECT_EQ(key_for("MySQL error 2026: TLS/SSL error: certificate verify failed"), "mysql.tls_ca");
  EXPECT_EQ(key_for("mysql.tls_ca must be set: another host is reached over TLS only"),
            "mysql.tls_ca");
  EXPECT_EQ(key_for("MySQL error 2002: Can't connect"), "mysql.socket");
  config::Mysql elsewhere = settings().mysql;
  elsewhere.host = "db";
  EXPECT_EQ(advice_for_connection(error("MySQL error 2003: Can't connect"), elsewhere).key,
            "mysql.host");
}

TEST(MysqlRemedies, TellAnAccountThatHasAPasswordFromOneThatHasNone) {
  config::Settings with_password = settings();
  EXPECT_THAT(advice_for_connection(error("MySQL error 1045: no"), with_password.mysql).remedy,
              HasSubstr("password_file"));
  with_password.mysql.password_file = "/etc/gatehouse/mysql.password";
  EXPECT_THAT(advice_for_connection(error("MySQL error 1045: no"), with_password.mysql).remedy,
              HasSubstr("on the first line of /etc/gatehouse/mysql.password"));
}

TEST(MysqlRemedies, NameTheSectionThatHasTheAccountOfTheSessions) {
  config::Settings apart = settings();
  EXPECT_EQ(advice_for_sessions(error("MySQL error 1045: no"), apart).key, "mysql.user");
  EXPECT_EQ(advice_for_sessions(error("MySQL error 1049: no"), apart).key, "mysql.database");
  apart.session.user = "sessions";
  apart.session.database = "own";
  EXPECT_EQ(advice_for_sessions(error("MySQL error 1045: no"), apart).key, "session.user");
  EXPECT_EQ(advice_for_sessions(error("MySQL error 1049: no"), apart).key, "session.database");
  EXPECT_THAT(advice_for_sessions(error("MySQL error 1049: no"), apart).remedy,
              HasSubstr("gatehouse init"));
}

TEST(MysqlRemedies, GiveTheGrantThatIsMissing) {
  const auto grant = [](const std::string& what, const std::string& query = "") {
    return missing_right(error("MySQL error " + what), query, "shop");
  };
  EXPECT_EQ(grant("1142: SELECT command denied to user 'g'@'localhost' for table `shop`.`users`"),
            "GRANT SELECT ON `shop`.`users` TO 'g'@'localhost';");
  EXPECT_EQ(grant("1142: SELECT command denied to user 'g'@'localhost' for table 'users'"),
            "GRANT SELECT ON `shop`.`users` TO 'g'@'localhost';");
  EXPECT_EQ(grant("1143: SELECT command denied to user 'g'@'localhost' for column 'mail' in table "
                  "'users'"),
            "GRANT SELECT (`mail`) ON `shop`.`users` TO 'g'@'localhost';");
  for (const auto* const query :
       {"UPDATE users SET hash = :hash WHERE id = :id", "update users set `hash`=:hash where 1",
        "UPDATE users u SET u.hash=:hash"}) {
    EXPECT_EQ(grant("1142: UPDATE command denied to user 'g'@'localhost' for table `shop`.`users`",
                    query),
              "GRANT UPDATE (`hash`) ON `shop`.`users` TO 'g'@'localhost';");
  }
  EXPECT_EQ(grant("1054: Unknown column 'x'"), "");
  EXPECT_EQ(grant("1142: in another language"), "");
}

}  // namespace
}  // namespace gatehouse::cli::checks
