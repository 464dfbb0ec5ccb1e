#include "cli/init/settings_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace gatehouse::text {
extern const std::string_view default_configuration;
}  // namespace gatehouse::text

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(InitSettingsText, TakesTheCommentOfTheDefaultForThePlace) {
  const auto text = with_settings("[user]\n\n# Why.\n#query = \"x\"\n\n[log]\n#level = \"info\"\n",
                                  {{"user.query", "SELECT 1, 2, :name"}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "[user]\n\n# Why.\nquery = \"SELECT 1, 2, :name\"\n\n[log]\n#level = \"info\"\n");
}

TEST(InitSettingsText, ReplacesALineThatIsThere) {
  const auto text = with_settings("[mysql] # here\n  database =  \"old\"  # why\nuser = \"a\"\n",
                                  {{"mysql.database", "new"}});
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "[mysql] # here\ndatabase = \"new\"\nuser = \"a\"\n");
}

TEST(InitSettingsText, ReplacesATextOfSeveralLines) {
  const auto text = with_settings(
      "[user]\nquery = \"\"\"\nSELECT id, name,\n[log]\n FROM t\"\"\"\nmax_age = \"30s\"\n",
      {{"user.query", "SELECT 2"}, {"user.max_age", "40s"}});
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "[user]\nquery = \"SELECT 2\"\nmax_age = \"40s\"\n");
}

TEST(InitSettingsText, AddsALineAndASection) {
  const auto text =
      with_settings("[log]\nlevel = \"info\"\n", {{"log.level", "error"}, {"mysql.user", "a"}});
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "[log]\nlevel = \"error\"\n\n[mysql]\n\nuser = \"a\"\n");
}

TEST(InitSettingsText, WritesWhateverAValueHolds) {
  const std::string hostile = "a\"b\\c\nd\x01`[x]\"\"\"\xc3\xb6";
  const auto text = with_settings("[mysql]\n", {{"mysql.database", hostile}});
  ASSERT_FALSE(text);  // the setting itself refuses control characters
  const std::string lines = "a\"b\\c\nd`[x]\"\"\"'''\xc3\xb6";
  const auto query = with_settings("[user]\n", {{"user.query", lines}});
  ASSERT_TRUE(query) << query.error().what;
  EXPECT_EQ(config::parse(*query, "x").settings.user.query, lines);
}

TEST(InitSettingsText, FindsThePlaceOfEachSettingInTheShippedFile) {
  const std::string text(text::default_configuration);
  const auto changed = with_settings(text, {{"server.socket_group", "nginx"},
                                            {"mysql.database", "blog"},
                                            {"user.query", "SELECT a, b, c FROM t WHERE d = :name"},
                                            {"user.roles_query", "SELECT :id"},
                                            {"session.database", "gatehouse"}});
  ASSERT_TRUE(changed) << changed.error().what;
  // Each has replaced a comment, so no line was added.
  EXPECT_EQ(std::count(changed->begin(), changed->end(), '\n'),
            std::count(text.begin(), text.end(), '\n'));
  EXPECT_THAT(*changed, Not(HasSubstr("#roles_query")));
}

TEST(InitSettingsText, SaysWhereItCannotHelp) {
  const auto text = with_settings("mysql = { database = \"old\" }\n", {{"mysql.database", "new"}});
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().what, HasSubstr("mysql"));
}

}  // namespace
}  // namespace gatehouse::cli::init
