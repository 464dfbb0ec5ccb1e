/// MysqlUserDirectory, and the files of sql/ as an administrator runs them.
#include <gmock/gmock.h>

#include "cli/migrate.h"
#include "mysql/pool.h"
#include "support/mariadb.h"
#include "support/roles.h"
#include "user/mysql_user_directory.h"

using gatehouse::Error;
using gatehouse::Secret;
using gatehouse::mysql::Pool;
using gatehouse::test::MariaDb;
using gatehouse::test::roles_named;
using gatehouse::user::Matches;
using gatehouse::user::MysqlUserDirectory;
using gatehouse::user::Queries;
using gatehouse::user::Standing;
using gatehouse::user::User;
using gatehouse::user::UserId;
using gatehouse::user::Username;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

const std::filesystem::path kSql = std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "sql";
constexpr const char* kRoysHash =
    "pbkdf2:sha256:150000$k1Ud5dzh$"
    "d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e";

class UserDirectory : public testing::Test {
 protected:
  /// Twice: each of the files may be run again.
  void SetUp() override {
    server_.run({"DROP TABLE IF EXISTS user"});
    for (int i = 0; i < 2; ++i) {
      for (const auto* file : {"schema.sql", "sample.sql", "grants.sql"}) {
        server_.run_file(kSql / file);
      }
    }
    server_.run(
        {"UPDATE user SET id = 1",  // a cluster's numbers have gaps
         "ALTER USER gatehouse@localhost IDENTIFIED /*!80000 WITH caching_sha2_password */ BY "
         "'of the tests'"});
  }
  static Queries queries(std::string_view lookup, std::string_view update = "") {
    gatehouse::config::User settings;
    settings.query = lookup;
    settings.update_query = update;
    return gatehouse::user::parse_queries(settings).value();
  }
  gatehouse::Result<Matches> find_all(std::string_view name, std::string_view query) {
    MysqlUserDirectory directory(pool_, queries(query));
    return directory.find(Username::parse(name).value());
  }
  /// The only row, or none.
  gatehouse::Result<std::optional<User>> find(
      std::string_view name, std::string_view query = gatehouse::config::User{}.query) {
    auto found = find_all(name, query);
    if (!found) return tl::unexpected(found.error());
    EXPECT_LE(found->users.size(), 1U);
    EXPECT_THAT(found->unreadable, IsEmpty());
    if (found->users.empty()) return std::nullopt;
    return std::move(found->users.front());
  }
  static gatehouse::config::Mysql as_service(gatehouse::config::Mysql settings) {
    settings.user = gatehouse::config::Mysql{}.user;
    return settings;
  }

  MariaDb& server_ = MariaDb::shared();
  Pool pool_{server_.settings(), Secret()};
};

TEST_F(UserDirectory, FindsTheSampleUser) {
  const auto user = find("roy");
  ASSERT_TRUE(user && *user);
  EXPECT_EQ((*user)->id, UserId("1"));
  EXPECT_EQ((*user)->name, "roy");
  EXPECT_EQ((*user)->password_hash.view(), kRoysHash);
}

TEST_F(UserDirectory, FindsNothingWhereThereIsNoSuchUser) {
  for (const auto* name : {"nobody", "ro_", "%", "' OR '1'='1", "roy\\", "\xf0\x9f\x98\x80"}) {
    const auto user = find(name);
    ASSERT_TRUE(user) << name << ": " << user.error().what;
    EXPECT_FALSE(*user) << name;
  }
}

TEST_F(UserDirectory, GivesTheNameOfTheRowForAnySpellingThatTheCollationMatches) {
  std::vector<std::string_view> names = {"ROY", "Roy", "r\xc3\xb6y"};
  if (!server_.is_mysql()) names.emplace_back("roy ");  // MySQL's own collation tells it from roy
  for (const auto name : names) {
    const auto user = find(name);
    ASSERT_TRUE(user && *user) << name;
    EXPECT_EQ((*user)->name, "roy");
  }
}

TEST_F(UserDirectory, AsksAColumnOfAnotherCharacterSetForAnyName) {
  server_.create("TABLE user (id INT, username VARCHAR(45), password TEXT) CHARACTER SET latin1");
  server_.run({"INSERT INTO user VALUES (7, 'r\xc3\xb6y', 'hash')"});
  const auto user = find("r\xc3\xb6y");
  ASSERT_TRUE(user && *user);
  EXPECT_EQ((*user)->name, "r\xc3\xb6y");
  for (const auto* name : {"\xf0\x9f\x98\x80", "\xe6\x97\xa5"}) {
    const auto nobody = find(name);
    ASSERT_TRUE(nobody) << nobody.error().what;
    EXPECT_FALSE(*nobody);
  }
}

TEST_F(UserDirectory, TakesANullHashForAnEmptyOne) {
  server_.run({"INSERT INTO user (username) VALUES ('sam')"});
  const auto user = find("sam");
  ASSERT_TRUE(user && *user);
  EXPECT_TRUE((*user)->password_hash.empty());
}

TEST_F(UserDirectory, BindsTheNameWhereverTheQueryNamesIt) {
  const auto user =
      find("roy", "SELECT id, username, password FROM user WHERE username = :name OR id = :name;");
  ASSERT_TRUE(user && *user);
  EXPECT_EQ((*user)->name, "roy");
}

/// A query that gives `rows` rows for any name, of the users 1, 2, 3 …
std::string query_of_rows(std::size_t rows) {
  return "SELECT seq, CONCAT('user-', seq), 'hash' FROM " + gatehouse::test::numbers(rows) +
         " WHERE :name = 'x' ORDER BY seq";
}

TEST_F(UserDirectory, GivesEveryRowOfANameInTheOrderOfTheQuery) {
  const auto found = find_all("x", query_of_rows(8));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->users.size(), 8U);
  EXPECT_EQ(found->users.front().id, UserId("1"));
  EXPECT_EQ(found->users.back().name, "user-8");
  EXPECT_EQ(found->users.back().login_name, "x");
  EXPECT_EQ(found->users.back().lookup_name(), "x");
}

TEST_F(UserDirectory, GivesARowOnceThatAJoinGivesOften) {
  const auto found = find_all("roy", "SELECT id, username, password FROM user JOIN " +
                                         gatehouse::test::numbers(5) + " WHERE username = :name");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->users.size(), 1U);
  EXPECT_EQ(found->users.front().login_name, std::nullopt) << "the row is called as it was typed";
}

TEST_F(UserDirectory, RefusesMoreRowsThanItLooksThroughAndNamesSome) {
  for (const std::size_t rows : {9U, 2000U}) {
    const auto found = find_all("x", query_of_rows(rows));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, Error::Kind::refused) << rows;
  }
  EXPECT_THAT(find_all("x", query_of_rows(9)).error().what,
              HasSubstr(R"(the user ids "1", "2", "3", "4", "5", "6", "7", "8" …)"));
}

TEST_F(UserDirectory, LearnsTheLargestNumberOfRowsThatANameHas) {
  MysqlUserDirectory directory(pool_, queries("SELECT seq, 'name', '' FROM " +
                                              gatehouse::test::numbers(9) + " WHERE seq <= :name"));
  for (const auto& [name, most] : {std::pair("1", 1U), {"3", 3U}, {"2", 3U}, {"9", 4U}}) {
    static_cast<void>(directory.find(Username::parse(name).value()));
    EXPECT_EQ(directory.most_rows(), most) << name;
  }
}

TEST_F(UserDirectory, SetsARowApartThatItCannotRead) {
  for (const auto* columns : {"NULL, 'roy', ''", "'', 'roy', ''", "REPEAT('x', 65), 'roy', ''"}) {
    const auto found =
        find_all("roy", "SELECT " + std::string(columns) + " FROM user WHERE username = :name");
    ASSERT_TRUE(found) << columns;
    EXPECT_THAT(found->users, IsEmpty()) << columns;
    ASSERT_EQ(found->unreadable.size(), 1U) << columns;
    EXPECT_EQ(found->unreadable.front().id, std::nullopt) << columns;
    EXPECT_TRUE(found->may_hide(UserId("1"))) << columns;
  }
  for (const auto* columns :
       {"1, NULL, ''", "1, '', ''", "1, X'FF', ''", "1, REPEAT('x', 256), ''"}) {
    const auto found = find_all("roy", "SELECT " + std::string(columns) +
                                           " FROM user WHERE username = :name"
                                           " UNION ALL SELECT 2, 'ann', ''");
    ASSERT_TRUE(found) << columns;
    ASSERT_EQ(found->users.size(), 1U) << columns << ": the other row is a user's";
    ASSERT_EQ(found->unreadable.size(), 1U) << columns;
    EXPECT_TRUE(found->may_hide(UserId("1"))) << columns;
    EXPECT_FALSE(found->may_hide(UserId("3"))) << columns;
  }
}

TEST_F(UserDirectory, FailsOnRowsWithAnotherNumberOfColumns) {
  for (const auto* columns : {"1, 'roy'", "1, 'roy', '', ''"}) {
    const auto found =
        find_all("roy", "SELECT " + std::string(columns) + " FROM user WHERE username = :name");
    ASSERT_FALSE(found) << columns;
    EXPECT_EQ(found.error().kind, Error::Kind::failed) << columns;
  }
}

TEST_F(UserDirectory, FailsWhereTheServerRefusesTheQuery) {
  EXPECT_EQ(find("roy",
                 "SELECT :name FROM user WHERE username COLLATE utf8mb4_bin = "
                 "username COLLATE utf8mb4_general_ci")
                .error()
                .kind,
            Error::Kind::failed);
  EXPECT_EQ(find("roy", "SELECT :name FROM nowhere").error().kind, Error::Kind::failed);
}

TEST_F(UserDirectory, IsUnavailableWithoutTheServer) {
  server_.kill();
  EXPECT_EQ(find("roy").error().kind, Error::Kind::unavailable);
  server_.start();
}

TEST_F(UserDirectory, ChecksAQueryWithoutRunningIt) {
  const auto connection = server_.connect();
  const auto check = [&](const char* text) {
    return gatehouse::user::check_lookup(*connection, queries(text).lookup);
  };
  EXPECT_TRUE(check("SELECT id, username, password FROM user WHERE username = :name"));
  EXPECT_THAT(check("SELECT id FROM user WHERE username = :name").error().what,
              HasSubstr("three columns"));
  EXPECT_THAT(check("SELECT id, pass FROM user WHERE username = :name").error().what,
              HasSubstr("1054"));
  EXPECT_THAT(check("DELETE FROM user WHERE username = :name").error().what, HasSubstr("columns"));
}

constexpr const char* kUpdate =
    "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash";

TEST_F(UserDirectory, ReplacesAHashOnlyWhereTheOldOneStillStands) {
  MysqlUserDirectory directory(pool_, queries(gatehouse::config::User{}.query, kUpdate));
  const auto replace = [&](const char* old_hash, const std::string& hash) {
    return directory.replace_hash(UserId("1"), Secret::copy_of(old_hash), Secret::copy_of(hash));
  };
  EXPECT_EQ(replace("another", "new").value(), false);
  EXPECT_EQ((*find("roy"))->password_hash.view(), kRoysHash);
  EXPECT_EQ(replace(kRoysHash, "new").value(), true);
  EXPECT_EQ((*find("roy"))->password_hash.view(), "new");
  // Cut, it would lock the user out.
  server_.run({"SET GLOBAL sql_mode = ''"});
  Pool careless(server_.settings(), Secret());
  MysqlUserDirectory other(careless, queries(gatehouse::config::User{}.query, kUpdate));
  EXPECT_FALSE(
      other.replace_hash(UserId("1"), Secret::copy_of("new"), Secret(std::string(256, 'x'))));
  EXPECT_EQ((*find("roy"))->password_hash.view(), "new");
  server_.run({"SET GLOBAL sql_mode = DEFAULT"});
}

TEST_F(UserDirectory, ChecksTheOtherQueries) {
  const auto connection = server_.connect();
  using gatehouse::user::check_update;
  const auto update = [&](const char* text) {
    return check_update(*connection, *queries(gatehouse::config::User{}.query, text).update);
  };
  EXPECT_TRUE(update(kUpdate));
  EXPECT_THAT(update("UPDATE u SET p = :hash WHERE id = :id AND p = :old_hash").error().what,
              HasSubstr("1146"));
  EXPECT_THAT(update("SELECT :hash, :id, :old_hash").error().what, HasSubstr("gives rows"));
}

class StandingTest : public UserDirectory {
 protected:
  void SetUp() override {
    UserDirectory::SetUp();
    server_.run({"DROP TABLE IF EXISTS site_roles"});
    ASSERT_TRUE(gatehouse::mysql::migrate(*server_.connect(), gatehouse::cli::migrations()));
    server_.run({"DELETE FROM user_role", "DELETE FROM user_disabled"});
  }
  gatehouse::Result<Standing> standing(const std::string& id, Pool* ours,
                                       const char* roles_query = "",
                                       const char* disabled_query = "") {
    gatehouse::config::User settings;
    settings.roles_query = roles_query;
    settings.disabled_query = disabled_query;
    MysqlUserDirectory directory(pool_, gatehouse::user::parse_queries(settings).value(), ours);
    return directory.standing(UserId(id));
  }
};

TEST_F(StandingTest, ComesFromOurTables) {
  server_.run({"INSERT INTO user_role VALUES ('7', 'editor'), ('7', 'admin'), ('8', 'x')",
               "INSERT INTO user_disabled VALUES ('8')"});
  const auto seven = standing("7", &pool_).value();
  EXPECT_EQ(seven.roles, roles_named({"admin", "editor"}));
  EXPECT_FALSE(seven.disabled);
  EXPECT_TRUE(standing("8", &pool_)->disabled);
  EXPECT_THAT(standing("9", &pool_)->roles, IsEmpty());
  EXPECT_THAT(standing("7 ", &pool_)->roles, IsEmpty()) << "ids are bytes";
}

TEST_F(StandingTest, ComesFromTheSitesOwnQueries) {
  server_.run({"CREATE TABLE site_roles (user_id INT, name VARCHAR(64))",
               "INSERT INTO site_roles VALUES (7, 'editor'), (7, 'admin'), (7, 'editor'),"
               " (7, 'two words'), (7, ''), (7, NULL), (8, 'banned')",
               "INSERT INTO user_role VALUES ('7', 'not-asked')",
               "INSERT INTO user_disabled VALUES ('7')"});
  constexpr const char* kRoles = "SELECT name FROM site_roles WHERE user_id = :id";
  constexpr const char* kDisabled =
      "SELECT 1 FROM site_roles WHERE user_id = :id AND name = 'banned'";
  const auto seven = standing("7", &pool_, kRoles, kDisabled).value();
  EXPECT_EQ(seven.roles, roles_named({"admin", "editor"})) << "sorted, once, and only names";
  EXPECT_FALSE(seven.disabled);
  EXPECT_TRUE(standing("8", &pool_, kRoles, kDisabled)->disabled);
  EXPECT_TRUE(standing("8", nullptr, "", kDisabled)->disabled);
  EXPECT_TRUE(standing("7", &pool_, kRoles)->disabled) << "our table beside their query";
}

TEST_F(StandingTest, OfManyIsThatOfEach) {
  std::string rows = "('7', 'editor'), ('7', 'admin'), ('9', 'x')";
  for (int i = 0; i < 257; ++i) rows += ", ('8', 'role-" + std::to_string(i) + "')";
  server_.run(
      {"INSERT INTO user_role VALUES " + rows, "INSERT INTO user_disabled VALUES ('9'), ('10')"});
  MysqlUserDirectory directory(pool_, queries(gatehouse::config::User{}.query), &pool_);
  std::vector<UserId> ids(205, UserId("nobody"));
  ids[0] = UserId("7");
  ids[1] = UserId("8");
  ids[101] = UserId("9");
  ids[204] = UserId("10");
  const auto all = directory.standings(ids);
  ASSERT_EQ(all.size(), ids.size());
  EXPECT_EQ(all[0]->roles, roles_named({"admin", "editor"}));
  ASSERT_FALSE(all[1]) << "it has more roles than can be carried";
  EXPECT_EQ(all[1].error().kind, Error::Kind::refused);
  EXPECT_TRUE(all[101]->disabled);
  EXPECT_TRUE(all[204]->disabled);
  EXPECT_FALSE(all[50]->disabled);
  EXPECT_THAT(all[50]->roles, IsEmpty());
}

TEST_F(StandingTest, IsNothingWithoutTablesOfOurs) {
  server_.run(
      {"INSERT INTO user_role VALUES ('7', 'admin')", "INSERT INTO user_disabled VALUES ('7')"});
  const auto seven = standing("7", nullptr).value();
  EXPECT_THAT(seven.roles, IsEmpty());
  EXPECT_FALSE(seven.disabled);
}

TEST_F(StandingTest, FailsWhereOurTablesAreNotMadeYet) {
  server_.run({"DROP TABLE user_role", "DELETE FROM gatehouse_migration WHERE number >= 2"});
  const auto seven = standing("7", &pool_);
  ASSERT_FALSE(seven);
  EXPECT_EQ(seven.error().kind, Error::Kind::failed);
  EXPECT_THAT(seven.error().what, HasSubstr("1146"));
}

TEST_F(UserDirectory, ChecksTheQueriesOfAStanding) {
  const auto connection = server_.connect();
  const auto check = [&](const char* text) {
    gatehouse::config::User settings;
    settings.roles_query = text;
    return gatehouse::user::check_standing(*connection, **gatehouse::user::parse_roles(settings));
  };
  EXPECT_TRUE(check("SELECT username FROM user WHERE id = :id"));
  EXPECT_THAT(check("SELECT id, username FROM user WHERE id = :id").error().what,
              HasSubstr("gives 2"));
  EXPECT_THAT(check("SELECT role FROM user WHERE id = :id").error().what, HasSubstr("1054"));
}

TEST_F(UserDirectory, NeedsNoMoreThanTheGrantsOfTheServicesAccount) {
  Pool pool(as_service(server_.settings()), Secret::copy_of("of the tests"));
  MysqlUserDirectory directory(pool, queries(gatehouse::config::User{}.query));
  const auto user = directory.find(Username::parse("roy").value());
  ASSERT_TRUE(user);
  EXPECT_EQ(user->users.size(), 1U);
}

TEST_F(UserDirectory, IsReadOnlyToTheServicesAccount) {
  server_.run({"CREATE TABLE IF NOT EXISTS other (id INT)"});
  const auto opened = gatehouse::mysql::Connection::open(as_service(server_.settings()),
                                                         Secret::copy_of("of the tests"));
  ASSERT_TRUE(opened) << opened.error().what;
  for (const auto* sql : {"UPDATE user SET password = ''", "DELETE FROM user", "DROP TABLE user",
                          "INSERT INTO user (username) VALUES ('x')"}) {
    EXPECT_EQ((*opened)->execute(sql).error().kind, Error::Kind::failed) << sql;
  }
  EXPECT_FALSE((*opened)->select("SELECT id FROM other", {}, 1));
  EXPECT_FALSE((*opened)->select("SELECT user FROM mysql.user", {}, 9));
}

}  // namespace
