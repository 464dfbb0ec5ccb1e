/// The columns of user.query that applications are told.
#include <gmock/gmock.h>

#include "mysql/pool.h"
#include "support/mariadb.h"
#include "user/mysql_user_directory.h"

using gatehouse::Secret;
using gatehouse::mysql::Connection;
using gatehouse::test::MariaDb;
using gatehouse::user::MysqlUserDirectory;
using gatehouse::user::Username;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// One user, roy, whose row says things of many types.
class AttributesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    MariaDb::shared().run({
        "DROP TABLE IF EXISTS person, address",
        "CREATE TABLE person (id INT PRIMARY KEY, username VARCHAR(40), password VARCHAR(100),"
        " email VARCHAR(100), latin VARCHAR(40) CHARACTER SET latin1,"
        " wide VARCHAR(40) CHARACTER SET utf8mb4, nothing VARCHAR(10), padded CHAR(20),"
        " big BIGINT UNSIGNED, price DECIMAL(8,2), born DATE, seen DATETIME, good BOOLEAN,"
        " ratio DOUBLE, raw VARBINARY(40), story TEXT, long_story LONGTEXT) CHARACTER SET utf8mb4",
        "CREATE TABLE address (person INT, street VARCHAR(40))",
        "INSERT INTO person VALUES (1, 'roy', 'hash', 'roy@example.com', _latin1 X'52F679',"
        " _utf8mb4 X'E69D8EF09F9982', NULL, ' Roy ', 18446744073709551615, 1.50, '2001-02-03',"
        " '2001-02-03 04:05:06', TRUE, 0.5, X'00FF', CONCAT('line', CHAR(10), 'line'),"
        " REPEAT('x', 1025))",
        "INSERT INTO address VALUES (1, 'First'), (1, 'Second')",
    });
  }

  gatehouse::Result<gatehouse::user::Matches> find(const std::string& columns,
                                                   const std::string& more = "") {
    gatehouse::config::User settings;
    settings.query = "SELECT id, username, password, " + columns + " FROM person " + more +
                     " WHERE username = :name";
    MysqlUserDirectory directory(pool_, gatehouse::user::parse_queries(settings).value());
    return directory.find(Username::parse("roy").value());
  }
  /// Those of roy, each as "Header: value" or "Header! reason".
  std::vector<std::string> told(const std::string& columns, const std::string& more = "") {
    std::vector<std::string> all;
    const auto found = find(columns, more);
    if (!found || found->users.size() != 1) return {"not one row"};
    found->users.front().attributes.for_each([&](const auto& one) {
      all.push_back(std::string(one.header) + (one.fits ? ": " : "! ") + std::string(one.text));
    });
    return all;
  }
  std::string refusal(const std::string& columns) {
    const auto connection = Connection::open(MariaDb::shared().settings(), Secret()).value();
    gatehouse::config::User settings;
    settings.query =
        "SELECT id, username, password, " + columns + " FROM person WHERE username = :name";
    const auto lookup = gatehouse::user::parse_lookup(settings).value();
    const auto whole = gatehouse::user::check_lookup(*connection, lookup);
    const auto labels = gatehouse::user::check_labels(*connection, lookup);
    EXPECT_EQ(whole.has_value(), labels.has_value());
    return whole ? "" : whole.error().what;
  }

  gatehouse::mysql::Pool pool_{MariaDb::shared().settings(), Secret()};
};

TEST_F(AttributesTest, ComeInUtf8WhateverTheColumnsCharacterSet) {
  EXPECT_THAT(told("email, latin, wide AS name"),
              ElementsAre("Remote-Email: roy@example.com", "Remote-Latin: R\xc3\xb6y",
                          "Remote-Name: \xe6\x9d\x8e\xf0\x9f\x99\x82"));
}

TEST_F(AttributesTest, AreTheTextOfAnyOtherType) {
  EXPECT_THAT(
      told("big, price, born, seen, good, ratio, 7 AS seven, CONCAT(username, 1) AS pair"),
      ElementsAre("Remote-Big: 18446744073709551615", "Remote-Price: 1.50",
                  "Remote-Born: 2001-02-03", "Remote-Seen: 2001-02-03 04:05:06", "Remote-Good: 1",
                  HasSubstr("Remote-Ratio: 0.5"), "Remote-Seven: 7", "Remote-Pair: roy1"));
}

TEST_F(AttributesTest, AreNoneForNullAndHaveNoBlanksAround) {
  EXPECT_THAT(told("nothing, padded, '' AS without"), ElementsAre("Remote-Padded: Roy"));
}

TEST_F(AttributesTest, SayWhyAHeaderCannotCarryThem) {
  EXPECT_THAT(
      told("raw, story, long_story, HEX(raw) AS hexadecimal"),
      ElementsAre("Remote-Raw! it is not UTF-8", HasSubstr("Remote-Story! it has control"),
                  "Remote-Long-Story! it is longer than 1024 bytes", "Remote-Hexadecimal: 00FF"));
}

TEST_F(AttributesTest, StandBesideSaltAndScheme) {
  const auto found =
      find("'NaCl' AS salt, email, 'md5(password)' AS scheme, 'roy.s' AS remote_user");
  ASSERT_TRUE(found) << found.error().what;
  const auto& row = found->users.at(0);
  EXPECT_EQ(row.salt, "NaCl");
  EXPECT_EQ(row.scheme, "md5(password)");
  EXPECT_EQ(row.name, "roy");
  EXPECT_EQ(row.attributes.value_of("Remote-User"), "roy.s");
  EXPECT_EQ(row.attributes.value_of("Remote-Email"), "roy@example.com");
}

TEST_F(AttributesTest, AreThoseOfTheFirstRowWhereAJoinGivesSeveral) {
  EXPECT_THAT(
      told("street", "JOIN (SELECT * FROM address ORDER BY street LIMIT 10) a ON a.person = id"),
      ElementsAre(testing::StartsWith("Remote-Street: ")));
}

TEST_F(AttributesTest, AreRefusedByTheirLabel) {
  EXPECT_EQ(refusal("email, wide AS name"), "");
  EXPECT_THAT(refusal("email AS `e-mail`"),
              HasSubstr("column 4 of the lookup query has the label"));
  EXPECT_THAT(refusal("CONCAT(email, 'x')"), HasSubstr("cannot be the name of a header"));
  EXPECT_THAT(refusal("email AS id"), HasSubstr("Remote-Id tells the id"));
  EXPECT_THAT(refusal("password AS old_password"), HasSubstr("applications are not told those"));
}

TEST_F(AttributesTest, AreNotWhatAQueryIsRefusedForThatFailsOtherwise) {
  const auto connection = Connection::open(MariaDb::shared().settings(), Secret()).value();
  gatehouse::config::User settings;
  settings.query = "SELECT id, username, password, email AS id FROM nowhere WHERE username = :name";
  const auto lookup = gatehouse::user::parse_lookup(settings).value();
  EXPECT_FALSE(gatehouse::user::check_lookup(*connection, lookup));
  EXPECT_TRUE(gatehouse::user::check_labels(*connection, lookup));
}

}  // namespace
