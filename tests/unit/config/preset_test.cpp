#include "config/preset.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace gatehouse::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kBoard = R"([application]
name = "Board"
versions = "2 to 4"
source = "its own"
tested = "code"
writes = "no"
note = "A sentence."
hashes = ["bcrypt"]
[[table]]
name = ["{prefix}member", "{prefix}members"]
columns = ["id", "name", "hash"]
absent = ["salt"]
optional_columns = ["banned"]
[[table]]
name = "{prefix}group"
columns = ["id", "title"]
optional = true
[choices]
login = ["email", "name"]
[values.roles]
always = ["admin"]
sql = "SELECT title FROM `{prefix}group`"
[user]
query = "SELECT id, name, hash FROM `{table}` WHERE {login} = :name"
census_query = "SELECT id, hash FROM `{table}` WHERE id > :after ORDER BY id LIMIT 1000"
password_transform = ["trim", "lower"]
)";

std::vector<std::string> problems_of(const std::string& text, const char* file = "board.toml") {
  std::vector<std::string> all;
  for (const auto& problem : parse_preset(text, file).problems) all.push_back(to_string(problem));
  return all;
}

/// The preset with one line in the place of another.
std::string with(const std::string& line, const std::string& other) {
  std::string text = kBoard;
  const auto at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return text.replace(at, line.size(), other);
}

TEST(Preset, SaysWhatItsFileSays) {
  const auto read = parse_preset(kBoard, "/presets/board.toml");
  ASSERT_THAT(read.problems, IsEmpty());
  const Preset& preset = read.preset;
  EXPECT_EQ(preset.id, "board");
  EXPECT_EQ(preset.application, "Board");
  EXPECT_TRUE(preset.tested_by_code);
  EXPECT_FALSE(preset.writes);
  ASSERT_EQ(preset.tables.size(), 2U);
  EXPECT_THAT(preset.tables[0].names, ElementsAre("{prefix}member", "{prefix}members"));
  EXPECT_THAT(preset.tables[0].optional_columns, ElementsAre("banned"));
  EXPECT_THAT(preset.tables[0].absent, ElementsAre("salt"));
  EXPECT_TRUE(preset.tables[1].optional);
  EXPECT_THAT(preset.choices.at(0).columns, ElementsAre("email", "name"));
  EXPECT_THAT(preset.values.at(0).always, ElementsAre("admin"));
  ASSERT_NE(preset.setting("password_transform"), nullptr);
  EXPECT_EQ(preset.setting("password_transform")->kind, PresetSetting::Kind::list);
  EXPECT_THAT(preset.setting("password_transform")->texts, ElementsAre("trim", "lower"));
  EXPECT_EQ(preset.setting("roles_query"), nullptr);
}

TEST(Preset, HasEachProblemToldWithItsLine) {
  EXPECT_THAT(problems_of(with("versions = ", "version = ")),
              ElementsAre("board.toml:3: [application]: unknown key \"version\""));
  EXPECT_THAT(problems_of(with("\"code\"", "\"by hand\"")),
              ElementsAre("board.toml:5: tested must be \"code\" or \"vectors\""));
  EXPECT_THAT(problems_of(with("[\"bcrypt\"]", "\"bcrypt\"")),
              ElementsAre("board.toml:8: \"hashes\" must be a list of texts"));
  EXPECT_THAT(problems_of(with("optional = true", "optional = \"yes\"")),
              ElementsAre("board.toml:17: optional must be true or false"));
  EXPECT_THAT(problems_of(with("password_transform = [\"trim\", \"lower\"]", "max_age = 30")),
              ElementsAre(HasSubstr("board.toml:26: user.max_age: must be ")));
  EXPECT_THAT(problems_of(with("password_transform", "passwort_transform")),
              ElementsAre("board.toml:26: [user]: unknown key \"passwort_transform\""));
  EXPECT_THAT(problems_of(with("[choices]", "[choice]")),
              testing::Contains(HasSubstr("board.toml:18: \"choice\": a preset has the sections")));
}

TEST(Preset, IsNoneWithoutWhatIsNeeded) {
  EXPECT_THAT(problems_of(""),
              ElementsAre(HasSubstr("name is missing"), HasSubstr("no [[table]]"),
                          HasSubstr("query is missing"), HasSubstr("census_query is missing")));
  EXPECT_THAT(problems_of(with("columns = [\"id\", \"title\"]\n", "")),
              ElementsAre(HasSubstr("name and columns must be there")));
  EXPECT_THAT(problems_of(kBoard, "Board 2.toml"), ElementsAre(HasSubstr("small letters")));
  EXPECT_THAT(problems_of(with("absent = [\"salt\"]", "optional = true")),
              ElementsAre(HasSubstr("that of the users, must be there")));
}

TEST(Preset, MayNameNoPlaceholderThatStandsForNothing) {
  EXPECT_THAT(problems_of(with("{login} =", "{logon} =")),
              ElementsAre("board.toml: user.query: {logon} stands for nothing"));
  EXPECT_THAT(problems_of(with("{prefix}members", "my{prefix}members")),
              ElementsAre(HasSubstr("the first table is known by it")));
  EXPECT_THAT(problems_of(with("login = [", "Login = [")),
              testing::Contains(HasSubstr("a placeholder is of small letters")));
  // A brace of the application's own is none.
  EXPECT_THAT(problems_of(with("= :name", "= CONCAT('{SHA}', '{', :name)")), IsEmpty());
}

TEST(Preset, ThatIsNoTomlIsToldInPlainWords) {
  EXPECT_THAT(problems_of("[application]\nname = Board\n"),
              ElementsAre(HasSubstr("board.toml:2:")));
  EXPECT_THAT(problems_of(std::string(40'000, '#')), ElementsAre(HasSubstr("32768 bytes")));
  EXPECT_THAT(problems_of("table = 3\nuser = 4\nvalues = [1]\n"), testing::SizeIs(testing::Ge(3U)));
}

TEST(Preset, IsReadFromAFolderWithTheProblemsOfAllFiles) {
  const test::TemporaryFolder folder;
  (void)folder.write("board.toml", kBoard);
  (void)folder.write("readme.md", "no preset");
  const auto all = load_presets(folder.path());
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().id, "board");
  (void)folder.write("a.toml", with("writes = \"no\"", "writes = 1"));
  (void)folder.write("b.toml", with("name = \"Board\"", "name = 1"));
  const auto wrong = load_presets(folder.path());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().what, HasSubstr("a.toml:6: writes must be"));
  EXPECT_THAT(wrong.error().what, HasSubstr("b.toml:2: \"name\" must be a text"));
  EXPECT_FALSE(load_presets(folder.path() / "none"));
}

}  // namespace
}  // namespace gatehouse::config
