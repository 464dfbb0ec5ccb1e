#include "mysql/named_query.h"

#include <gmock/gmock.h>

#include <array>
#include <ostream>

using gatehouse::Error;
using gatehouse::mysql::NamedQuery;
using testing::HasSubstr;

namespace {

auto parse(std::string_view text) {
  return NamedQuery::parse(text, std::array{std::string_view("name")});
}

struct Good {
  const char* text;
  const char* sql;
  std::size_t count;
};
void PrintTo(const Good& good, std::ostream* out) {
  *out << good.text;
}

class AcceptedQuery : public testing::TestWithParam<Good> {};

TEST_P(AcceptedQuery, HasAQuestionMarkForEachName) {
  const auto query = parse(GetParam().text);
  ASSERT_TRUE(query) << query.error().what;
  EXPECT_EQ(query->sql, GetParam().sql);
  EXPECT_EQ(query->order, std::vector<std::size_t>(GetParam().count, 0));
}

INSTANTIATE_TEST_SUITE_P(
    NamedQuery, AcceptedQuery,
    testing::Values(
        Good{"SELECT id, username, password FROM user WHERE username = :name",
             "SELECT id, username, password FROM user WHERE username = ?", 1},
        Good{"SELECT 1 WHERE n=:name OR mail=:name", "SELECT 1 WHERE n=? OR mail=?", 2},
        Good{":name", "?", 1}, Good{"x IN(:name,:name)", "x IN(?,?)", 2},
        // Strings and quoted names
        Good{"a = ':name' AND b = :name", "a = ':name' AND b = ?", 1},
        Good{"a = \":nmae?;\" AND b = :name", "a = \":nmae?;\" AND b = ?", 1},
        Good{"`:nmae` = :name", "`:nmae` = ?", 1}, Good{"'it''s :x' = :name", "'it''s :x' = ?", 1},
        Good{R"('it\'s :x' = :name)", R"('it\'s :x' = ?)", 1},
        Good{R"('\\' = :name)", R"('\\' = ?)", 1}, Good{R"(`\` = :name)", R"(`\` = ?)", 1},
        Good{R"("\":x" = :name)", R"("\":x" = ?)", 1},
        Good{"t < '12:00' AND n = :name", "t < '12:00' AND n = ?", 1},
        // Comments
        Good{"/* :x ' ? ; */ :name", "/* :x ' ? ; */ ?", 1},
        Good{"/*/ :x */ :name", "/*/ :x */ ?", 1},
        Good{"/*+ NO_ICP(t) */ :name", "/*+ NO_ICP(t) */ ?", 1},
        Good{":name -- :x ' ?", "? -- :x ' ?", 1}, Good{":name --", "? --", 1},
        Good{"-- :x\n:name", "-- :x\n?", 1}, Good{"# it's :x\n:name", "# it's :x\n?", 1},
        Good{"5--:name", "5--?", 1}, Good{"1 / :name * 2", "1 / ? * 2", 1},
        // Colons that are none
        Good{"@v := :name", "@v := ?", 1}, Good{"@v:=:name", "@v:=?", 1},
        Good{"a :: b = :name", "a :: b = ?", 1}, Good{"12:00 = :name", "12:00 = ?", 1},
        Good{":name :", "? :", 1},
        // The end of the statement
        Good{"a = :name;", "a = ?", 1},
        Good{"a = :name ; \n -- done\n /* really */ ", "a = ?  \n -- done\n /* really */ ", 1}));

struct Bad {
  const char* text;
  const char* reason;
};
void PrintTo(const Bad& bad, std::ostream* out) {
  *out << bad.text;
}

class RefusedQuery : public testing::TestWithParam<Bad> {};

TEST_P(RefusedQuery, SaysWhy) {
  const auto query = parse(GetParam().text);
  ASSERT_FALSE(query) << query->sql;
  EXPECT_EQ(query.error().kind, Error::Kind::invalid);
  EXPECT_THAT(query.error().what, HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    NamedQuery, RefusedQuery,
    testing::Values(
        Bad{"", "no :name"}, Bad{"SELECT 1", "no :name"}, Bad{"SELECT ':name'", "no :name"},
        Bad{"-- :name", "no :name"}, Bad{"a = :nmae", "placeholder :nmae"},
        Bad{"a = :NAME", "placeholder :NAME"}, Bad{"a = :name2", "placeholder :name2"},
        Bad{"a = :name_", "placeholder :name_"}, Bad{"a = :name$", "placeholder :name$"},
        Bad{"a = :nam\xc3\xa9", "placeholder :nam"}, Bad{"a = :n", "placeholder :n"},
        Bad{"a = ? AND b = :name", "? in it"}, Bad{"a::name", "no :name"},
        Bad{"a = :name; DELETE FROM user", "second statement"},
        Bad{"a = :name;;", "second statement"}, Bad{"a = :name; :name", "second"},
        Bad{"a = :name /* really", "comment is not closed"},
        Bad{"a = :name /*/", "comment is not closed"}, Bad{"/*! DELETE */ :name", "executes"},
        Bad{"/*M! DELETE */ :name", "executes"}, Bad{"/*!80000 x */ :name", "executes"},
        Bad{"a = :name '", "' is not closed"}, Bad{R"(a = :name '\')", "' is not closed"},
        Bad{R"(a = :name "\)", "\" is not closed"}, Bad{"a = :name `x", "` is not"}));

TEST(NamedQuery, BindsEachNameWhereItStands) {
  const auto names = std::array<std::string_view, 3>{"hash", "id", "old_hash"};
  const auto query = NamedQuery::parse(
      "UPDATE u SET p = :hash WHERE p = :old_hash AND id = :id OR :id = 0", names);
  ASSERT_TRUE(query) << query.error().what;
  EXPECT_EQ(query->sql, "UPDATE u SET p = ? WHERE p = ? AND id = ? OR ? = 0");
  EXPECT_THAT(query->bind(std::array<std::string_view, 3>{"new", "7", "old"}),
              testing::ElementsAre("new", "old", "7", "7"));
}

TEST(NamedQuery, WantsEveryName) {
  const auto names = std::array<std::string_view, 3>{"hash", "id", "old_hash"};
  const auto query = NamedQuery::parse("UPDATE u SET p = :hash WHERE id = :id", names);
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().what, "there is no :old_hash in it");
  EXPECT_EQ(NamedQuery::parse("UPDATE u SET p = :hash", names).error().what,
            "there is no :id and no :old_hash in it");
}

TEST(NamedQuery, RefusesANulByteInAString) {
  const auto query = parse(std::string_view("':\0' = :name", 12));
  ASSERT_FALSE(query);
  EXPECT_THAT(query.error().what, HasSubstr("NUL"));
}

TEST(NamedQuery, RefusesANulByte) {
  const auto query = parse(std::string_view("a = :name \0", 11));
  ASSERT_FALSE(query);
  EXPECT_THAT(query.error().what, HasSubstr("NUL"));
}

TEST(NamedQuery, IsTotalOverEveryPairOfBytesAroundAName) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::string text{static_cast<char>(first), static_cast<char>(second)};
      text += ":name";
      const auto before = parse(text);
      const auto after = parse(":name " + text.substr(0, 2));
      for (const auto* query : {&before, &after}) {
        EXPECT_TRUE(!*query || !(*query)->order.empty()) << text;
      }
    }
  }
}

}  // namespace
