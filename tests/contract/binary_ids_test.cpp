/// Ids of users as applications store them: numbers, texts, and bytes that no header can carry.
#include <gmock/gmock.h>

#include "cli/migrate.h"
#include "mysql/migration.h"
#include "mysql/pool.h"
#include "support/mariadb.h"
#include "support/roles.h"
#include "user/mysql_user_directory.h"

using gatehouse::Secret;
using gatehouse::mysql::Pool;
using gatehouse::test::MariaDb;
using gatehouse::user::MysqlUserDirectory;
using gatehouse::user::User;
using gatehouse::user::UserId;
using gatehouse::user::Username;
using testing::HasSubstr;

namespace {

class BinaryIds : public testing::Test {
 protected:
  /// A table of users whose ids are of that type; one user, and the id as SQL writes it.
  void make(std::string_view type, std::string_view id) {
    server_.create("TABLE user (id " + std::string(type) +
                   ", username VARCHAR(45), password VARCHAR(255))");
    server_.run({"INSERT INTO user VALUES (" + std::string(id) + ", 'roy', 'old')"});
  }
  MysqlUserDirectory directory(gatehouse::config::User settings = {}) {
    return {pool_, gatehouse::user::parse_queries(settings).value(), &pool_};
  }
  std::string id_found(const std::string& query = gatehouse::config::User{}.query) {
    gatehouse::config::User settings;
    settings.query = query;
    auto users = directory(settings);
    const auto user = users.find(Username::parse("roy").value());
    if (!user) return user.error().what;
    if (!user->unreadable.empty()) return user->unreadable.front().what;
    return user->users.empty() ? "nobody" : user->users.front().id.text();
  }
  /// The tables of our own, without rows.
  void make_own_tables() {
    ASSERT_TRUE(gatehouse::mysql::migrate(*server_.connect(), gatehouse::cli::migrations()));
    server_.run({"DELETE FROM user_role", "DELETE FROM user_disabled"});
  }

  MariaDb& server_ = MariaDb::shared();
  Pool pool_{server_.settings(), Secret()};
};

TEST_F(BinaryIds, AreCarriedAsHexByTheTypeOfTheColumn) {
  make("BINARY(16)", "UNHEX('00ff0a0d41424320deadbeef00000000')");
  EXPECT_EQ(id_found(), "00FF0A0D41424320DEADBEEF00000000");
  make("BINARY(8)", "'abcdefgh'");
  EXPECT_EQ(id_found(), "6162636465666768") << "by the type, though the bytes are letters";
  make("VARBINARY(20)", "'17'");
  EXPECT_EQ(id_found(), "3137");
  make("TINYBLOB", "UNHEX('01')");
  EXPECT_EQ(id_found(), "01");
}

TEST_F(BinaryIds, OfEveryOtherTypeAreCarriedAsTheyStand) {
  make("INT", "17");
  EXPECT_EQ(id_found(), "17");
  make("BIGINT UNSIGNED", "18446744073709551615");
  EXPECT_EQ(id_found(), "18446744073709551615");
  make("CHAR(36) CHARACTER SET ascii COLLATE ascii_bin", "'6ccd780c-baba-1026-9564-5b8c656024db'");
  EXPECT_EQ(id_found(), "6ccd780c-baba-1026-9564-5b8c656024db");
  make("VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "'u17'");
  EXPECT_EQ(id_found(), "u17");
  make("TEXT", "'u17'");
  EXPECT_EQ(id_found(), "u17");
  make("DECIMAL(20,0)", "17");
  EXPECT_EQ(id_found(), "17");
  if (server_.is_mysql()) return;
  make("UUID", "'6ccd780c-baba-1026-9564-5b8c656024db'");
  EXPECT_EQ(id_found(), "6ccd780c-baba-1026-9564-5b8c656024db");
}

TEST_F(BinaryIds, AreTextWhereTheQueryMakesThemSo) {
  make("BINARY(16)", "UNHEX('00ff0a0d41424320deadbeef00000000')");
  EXPECT_EQ(id_found("SELECT LOWER(HEX(id)), username, password FROM user WHERE username = :name"),
            "00ff0a0d41424320deadbeef00000000");
  make("VARBINARY(20)", "'u17'");
  EXPECT_EQ(id_found("SELECT CONVERT(id USING utf8mb4), username, password FROM user"
                     " WHERE username = :name"),
            "u17");
}

TEST_F(BinaryIds, MatchTheColumnsOfTheSiteAsBytesAndOursAsHex) {
  make("BINARY(16)", "UNHEX('00ff0a0d41424320deadbeef00000000')");
  server_.create("TABLE site_role (user BINARY(16), role VARCHAR(20))");
  server_.create("TABLE banned (user BINARY(16))");
  server_.run({"INSERT INTO site_role SELECT id, 'editor' FROM user"});
  make_own_tables();
  server_.run({"INSERT INTO user_role SELECT HEX(id), 'admin' FROM user"});
  gatehouse::config::User settings;
  auto by_ours = directory(settings);
  const auto id = by_ours.find(Username::parse("roy").value())->users.at(0).id;
  EXPECT_EQ(by_ours.standing(id)->roles, gatehouse::test::roles_named({"admin"}));
  settings.roles_query = "SELECT role FROM site_role WHERE user = :id";
  settings.disabled_query = "SELECT 1 FROM banned WHERE user = :id";
  settings.update_query =
      "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash";
  auto by_site = directory(settings);
  EXPECT_EQ(by_site.standing(id)->roles, gatehouse::test::roles_named({"editor"}))
      << "before any lookup, too";
  EXPECT_FALSE(by_site.standing(id)->disabled);
  server_.run({"INSERT INTO banned SELECT id FROM user"});
  EXPECT_TRUE(by_site.standing(id)->disabled);
  EXPECT_EQ(by_site.replace_hash(id, Secret(std::string("old")), Secret(std::string("new"))), true);
  server_.run({"INSERT INTO user_disabled SELECT HEX(id) FROM user"});
  EXPECT_TRUE(by_ours.standing(id)->disabled);
}

TEST_F(BinaryIds, ThatAreTooLongAreNamedByTheirColumn) {
  make("BINARY(33)", "REPEAT('x', 33)");
  EXPECT_THAT(id_found(), HasSubstr("first column"));
  make("INT", "NULL");
  EXPECT_THAT(id_found(), HasSubstr("first column"));
}

}  // namespace
