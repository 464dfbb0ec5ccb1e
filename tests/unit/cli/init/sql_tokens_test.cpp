#include "cli/init/sql_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables.h"

namespace gatehouse::cli::init {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::string again(std::string_view sql) {
  return sql_text(sql_tokens(sql));
}

/// The rights that a query needs, as "table.column".
class SqlRights : public testing::Test {
 protected:
  std::vector<std::string> rights(std::string_view sql, std::string_view privilege = "SELECT") {
    std::vector<std::string> all;
    for (const Right& right : rights_of(sql_tokens(sql), find_)) {
      if (right.privilege == privilege) all.push_back(right.table + "." + right.column);
    }
    return all;
  }

  const Table users_ = table_of("shop", "users", {"id!", "name", "hash", "state#"});
  const Table groups_ = table_of("shop", "groups", {"id!", "name", "secret"});
  FindTable find_ = [this](std::string_view name) {
    return name == "users" ? &users_ : name == "groups" ? &groups_ : nullptr;
  };
};

TEST(SqlTokens, GiveTheSameQueryAgainWithItsBlanksFolded) {
  EXPECT_EQ(again(" SELECT  `a``b`,\n 'it''s' ,'a\\'b', x.y FROM t -- "),
            "SELECT `a``b`, 'it''s' ,'a\\'b', x.y FROM t --");
  EXPECT_EQ(again("SELECT 'open"), "SELECT 'open'");
  EXPECT_EQ(again(""), "");
}

TEST(SqlTokens, TakeNamesForPlaceholdersAndQuoteThemAnew) {
  const Placeholders placeholders{
      {{"prefix", "we`ird'_"}}, {{"login", "e`mail"}}, {{"roles", "SELECT 'a' AS value"}}};
  const auto put = [&](std::string_view sql) { return sql_text(placeholders.in(sql_tokens(sql))); };
  EXPECT_EQ(put("SELECT {login} FROM `{prefix}users`"), "SELECT `e``mail` FROM `we``ird'_users`");
  EXPECT_EQ(put("m.key = '{prefix}caps'"), "m.key = _utf8mb4 X'776560697264275F63617073'");
  EXPECT_EQ(put("FROM ({roles}) r"), "FROM (SELECT 'a' AS value) r");
  EXPECT_EQ(put("'{SSHA}' {other} '{'"), "'{SSHA}' {other} '{'");
}

TEST_F(SqlRights, AreThoseToTheColumnsOfAnAliasAlone) {
  EXPECT_THAT(rights("SELECT g.name FROM `users` AS u JOIN groups g ON g.id = u.state "
                     "WHERE u.id = :id"),
              UnorderedElementsAre("groups.id", "groups.name", "users.id", "users.state"));
}

TEST_F(SqlRights, ToAColumnWithoutATableAreToEachThatHasIt) {
  EXPECT_THAT(rights("SELECT name FROM users, groups"),
              UnorderedElementsAre("users.name", "groups.name"));
  EXPECT_THAT(rights("SELECT name FROM users u, groups g"),
              UnorderedElementsAre("users.name", "groups.name"));
}

TEST_F(SqlRights, AreNotMadeOfPlaceholdersLabelsFunctionsAndTexts) {
  EXPECT_THAT(rights("SELECT id AS name, 'hash', STATE(1) FROM users WHERE id = :hash"),
              ElementsAre("users.id"));
}

TEST_F(SqlRights, ReachIntoInnerQueriesAndUnions) {
  EXPECT_THAT(rights("SELECT 1 FROM users WHERE id = :id AND EXISTS (SELECT 1 FROM groups g WHERE "
                     "g.id = users.state) UNION SELECT secret FROM groups"),
              UnorderedElementsAre("users.id", "users.state", "groups.id", "groups.secret"));
}

TEST_F(SqlRights, ToWriteAreToWhatIsSet) {
  const auto* const sql = "UPDATE users SET hash = :hash WHERE id = :id AND hash = :old_hash";
  EXPECT_THAT(rights(sql, "UPDATE"), ElementsAre("users.hash"));
  EXPECT_THAT(rights(sql), UnorderedElementsAre("users.hash", "users.id"));
}

TEST_F(SqlRights, GoWithTheSchemaBeforeEachTable) {
  EXPECT_EQ(
      with_schema(sql_tokens("SELECT users.id FROM users WHERE x IN (SELECT id FROM `groups`)"),
                  find_),
      "SELECT users.id FROM `shop`.users WHERE x IN (SELECT id FROM `shop`.`groups`)");
}

TEST(SqlLabels, AreThoseOfTheColumnsOfASelect) {
  EXPECT_THAT(labels_of(sql_tokens("SELECT u.`id`, CONCAT(a, b) AS hash, salt, LOWER(x) FROM u")),
              ElementsAre("id", "hash", "salt", ""));
  EXPECT_THAT(labels_of(sql_tokens("UPDATE x")), ElementsAre());
}

}  // namespace
}  // namespace gatehouse::cli::init
