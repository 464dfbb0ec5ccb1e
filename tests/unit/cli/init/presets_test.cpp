#include "cli/init/presets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/init/applications.h"
#include "cli/init/candidates.h"
#include "cli/init/sql_tokens.h"
#include "support/temporary_folder.h"
#include "tables.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli::init {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr const char* kBcryptOfAnybody =
    "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq";

config::Preset preset_of(const std::string& id, const std::string& more) {
  const auto read = config::parse_preset(
      "[application]\nname = \"" + id + "\"\nwrites = \"yes\"\ntested = \"vectors\"\n" + more +
          "\n[user]\nquery = \"SELECT id, name, pw FROM `{table}` WHERE name = :name\"\n"
          "census_query = \"SELECT id, pw FROM `{table}` WHERE id > :after ORDER BY id LIMIT "
          "1000\"\n"
          "roles_query = \"SELECT g.title FROM `{prefix}group` g WHERE g.user = :id\"\n"
          "disabled_query = \"SELECT 1 FROM `{table}` WHERE id = :id AND gone = 1\"\n",
      id + ".toml");
  for (const auto& problem : read.problems) ADD_FAILURE() << config::to_string(problem);
  return read.preset;
}

class InitPresets : public testing::Test {
 protected:
  [[nodiscard]] Surroundings around() const { return {schemas_, ask_, own_, presets_}; }
  [[nodiscard]] std::vector<std::string> known() const {
    std::vector<std::string> all;
    for (const auto& one : find_applications(around())) all.push_back(one.source.application);
    return all;
  }
  [[nodiscard]] UserSource only_source() const {
    const auto all = find_applications(around());
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? UserSource() : all.front().source;
  }

  Schemas schemas_;
  mysql::Rows rows_;
  std::vector<config::Preset> presets_;
  Ask ask_ = [this](const std::string& sql) {
    const bool is_census = sql.find(" > '") != std::string::npos;
    return Result<mysql::Rows>(is_census ? rows_ : mysql::Rows());
  };
  OwnTables own_{"gatehouse"};
};

TEST(ShippedPresets, AreReadWithoutAProblem) {
  for (const auto& file : preset_files()) {
    const auto read = config::parse_preset(file.text, file.name);
    for (const auto& problem : read.problems) ADD_FAILURE() << config::to_string(problem);
    EXPECT_FALSE(read.preset.versions.empty()) << file.name;
    EXPECT_FALSE(read.preset.source.empty()) << file.name;
  }
  EXPECT_EQ(shipped_presets().size(), preset_files().size());
  EXPECT_GE(preset_files().size(), 10U);
}

/// Puts up the tables that a preset asks for, optional ones too.
Schemas tables_for(const config::Preset& preset) {
  Schemas schemas;
  Placeholders placeholders;
  placeholders.texts = {{"prefix", "x7_"}, {"model", "person"}};
  placeholders.texts["table"] = placeholders.in(preset.tables.front().names.front());
  for (const auto& wanted : preset.tables) {
    Table table{"app", placeholders.in(wanted.names.front()), {}};
    const auto add = [&](const std::string& column) {
      table.columns.push_back({placeholders.in(column), "varchar", false, ""});
    };
    for (const auto& column : wanted.columns) add(column);
    for (const auto& column : wanted.optional_columns) add(column);
    if (&wanted == &preset.tables.front()) {
      for (const auto& choice : preset.choices) {
        if (table.find(choice.columns.front()) == nullptr) add(choice.columns.front());
      }
    }
    schemas.add(std::move(table));
  }
  return schemas;
}

TEST(ShippedPresets, GiveQueriesThatTheServiceReads) {
  const Ask ask = [](const std::string&) { return Result<mysql::Rows>(mysql::Rows()); };
  const OwnTables own{"gatehouse"};
  for (const auto& preset : shipped_presets()) {
    SCOPED_TRACE(preset.id);
    const Schemas schemas = tables_for(preset);
    const std::vector<config::Preset> alone = {preset};
    const auto found = find_applications({schemas, ask, own, alone});
    ASSERT_EQ(found.size(), 1U);
    const UserSource& source = found.front().source;
    config::User settings;
    settings.query = source.query;
    settings.census_query = source.census_query;
    settings.update_query = source.update_query;
    settings.roles_query = source.roles_query;
    settings.disabled_query = source.disabled_query;
    EXPECT_TRUE(user::parse_lookup(settings)) << source.query;
    EXPECT_TRUE(user::parse_census(settings)) << source.census_query;
    EXPECT_TRUE(user::parse_update(settings)) << source.update_query;
    EXPECT_TRUE(user::parse_roles(settings)) << source.roles_query;
    EXPECT_TRUE(user::parse_disabled(settings)) << source.disabled_query;
    for (const auto* query : {&source.query, &source.census_query, &source.roles_query,
                              &source.disabled_query, &source.update_query}) {
      EXPECT_THAT(*query, Not(HasSubstr("{"))) << "a placeholder is left";
    }
  }
}

TEST_F(InitPresets, KnowATableByItsOwnColumnsAndThoseBesideIt) {
  presets_ = {preset_of("board",
                        "[[table]]\nname = \"{prefix}member\"\ncolumns = [\"id\", \"pw\"]\n"
                        "absent = [\"salt\"]\n[[table]]\nname = \"{prefix}group\"\n"
                        "columns = [\"title\", \"user\"]\n")};
  schemas_.add(table_of("a", "x_member", {"id!", "name", "pw"}));
  EXPECT_THAT(known(), IsEmpty()) << "the group is missing";
  schemas_.add(table_of("b", "x_group", {"title", "user"}));
  EXPECT_THAT(known(), IsEmpty()) << "it is in another database";
  schemas_.add(table_of("a", "x_group", {"title"}));
  EXPECT_THAT(known(), IsEmpty()) << "it has other columns";
  schemas_.add(table_of("a", "X_Group", {"title", "user"}));
  schemas_.add(table_of("c", "member", {"id!", "pw", "salt"}));
  schemas_.add(table_of("c", "group", {"title", "user"}));
  schemas_.add(table_of("d", "member", {"id!", "pw"}));
  schemas_.add(table_of("d", "group", {"title", "user"}));
  EXPECT_THAT(known(), UnorderedElementsAre("board"));
}

TEST_F(InitPresets, LeaveOutAQueryThatNamesWhatIsMissing) {
  presets_ = {preset_of("board",
                        "[[table]]\nname = \"{prefix}member\"\ncolumns = [\"id\"]\n"
                        "optional_columns = [\"gone\"]\n[[table]]\nname = \"{prefix}group\"\n"
                        "columns = [\"title\"]\noptional = true\n")};
  schemas_.add(table_of("a", "member", {"id!", "name", "pw"}));
  EXPECT_THAT(only_source().roles_query, IsEmpty());
  EXPECT_THAT(only_source().disabled_query, IsEmpty());
  schemas_.add(table_of("a", "member", {"id!", "name", "pw", "gone#"}));
  schemas_.add(table_of("a", "group", {"title", "user#"}));
  EXPECT_THAT(only_source().roles_query, HasSubstr("FROM `group` g WHERE g.user = :id UNION "));
  EXPECT_THAT(only_source().disabled_query, HasSubstr("gone = 1 UNION SELECT 1 FROM `gatehouse`"));
  const Rights rights = only_source().rights;
  EXPECT_TRUE(rights.contains({"a", "group", "SELECT", "title"}));
  EXPECT_TRUE(rights.contains({"a", "member", "SELECT", "gone"}));
  EXPECT_FALSE(rights.contains({"a", "group", "SELECT", "name"}));
}

TEST_F(InitPresets, PreferTheOneThatNeedsMoreColumns) {
  presets_ = {preset_of("general", "[[table]]\nname = \"{prefix}member\"\ncolumns = [\"id\"]"),
              preset_of("special", "[[table]]\nname = \"member\"\ncolumns = [\"id\", \"badge\"]")};
  schemas_.add(table_of("a", "member", {"id!", "name", "pw", "badge"}));
  schemas_.add(table_of("b", "member", {"id!", "name", "pw"}));
  EXPECT_THAT(known(), UnorderedElementsAre("special", "general"));
}

TEST_F(InitPresets, PreferTheOneThatNamesItsTableToThatOfAnyModel) {
  presets_ = {preset_of("any", "[[table]]\nname = \"{prefix}{model}\"\ncolumns = [\"id\"]"),
              preset_of("named", "[[table]]\nname = \"{prefix}user\"\ncolumns = [\"id\"]")};
  schemas_.add(table_of("a", "auth_user", {"id!", "name", "pw"}));
  EXPECT_THAT(known(), UnorderedElementsAre("named"));
}

TEST_F(InitPresets, PassOverATableWhoseHashesAreOfNoFormOfTheirs) {
  presets_ = {preset_of("board",
                        "hashes = [\"django-scrypt\", \"bcrypt\"]\n[[table]]\n"
                        "name = \"{prefix}member\"\ncolumns = [\"id\"]")};
  schemas_.add(table_of("a", "member", {"id!", "name", "pw"}));
  EXPECT_THAT(known(), Contains("board")) << "an empty table passes";
  rows_ = {{"1", "plain text"}, {"2", "5f4dcc3b5aa765d61d8327deb882cf99"}};
  EXPECT_THAT(known(), IsEmpty());
  rows_.push_back({"3", kBcryptOfAnybody});
  EXPECT_THAT(known(), Contains("board"));
}

TEST_F(InitPresets, TakeAModelForAWordWithoutAnUnderscore) {
  presets_ = {preset_of("model",
                        "[[table]]\nname = \"{prefix}{model}\"\ncolumns = [\"id\"]\n"
                        "[[table]]\nname = \"{prefix}{model}_link\"\n"
                        "columns = [\"{model}_id\"]")};
  schemas_.add(table_of("a", "my_club_member", {"id!", "name", "pw"}));
  schemas_.add(table_of("a", "my_club_member_link", {"id!", "member_id"}));
  EXPECT_EQ(only_source().prefix, "my_club_");
  EXPECT_EQ(only_source().table, "my_club_member");
}

TEST_F(InitPresets, LookAtNoTableOfADatabaseThatLacksTheOthers) {
  presets_ = {preset_of("board",
                        "[[table]]\nname = \"{prefix}member\"\ncolumns = [\"id\"]\n"
                        "[[table]]\nname = \"{prefix}group\"\ncolumns = [\"user\"]")};
  EXPECT_THAT(tables_of_applications({"x_member", "y_group", "other"}, presets_), IsEmpty());
  EXPECT_THAT(tables_of_applications({"x_member", "X_GROUP", "other"}, presets_),
              UnorderedElementsAre("x_member", "X_GROUP"));
}

TEST(OwnPresets, StandInForTheShippedOnesOfTheirName) {
  const test::TemporaryFolder folder;
  std::string text(preset_files().front().text);
  const auto at = text.find("name = \"");
  text.replace(at, text.find('\n', at) - at, "name = \"Of the site\"");
  (void)folder.write(std::string(preset_files().front().name), text);
  const auto all = presets_with(folder.path());
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(all->size(), shipped_presets().size());
  EXPECT_EQ(all->back().application, "Of the site");
}

}  // namespace
}  // namespace gatehouse::cli::init
