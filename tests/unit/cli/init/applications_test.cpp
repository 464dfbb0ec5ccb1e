#include "cli/init/applications.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tables.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class InitApplications : public testing::Test {
 protected:
  [[nodiscard]] std::optional<UserSource> known(const std::string& schema,
                                                const std::string& table) {
    const Surroundings around{schemas_, ask_, own_};
    auto all = known_applications(*schemas_.find(schema, table), around);
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
  }
  [[nodiscard]] std::optional<UserSource> generic(const Table& table) {
    const Surroundings around{schemas_, ask_, own_};
    return table_of_users(table, around);
  }
  /// The service's own readers take the queries.
  static void expect_readable(const UserSource& source) {
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
  }

  Schemas schemas_;
  mysql::Rows rows_;
  Ask ask_ = [this](const std::string&) { return Result<mysql::Rows>(rows_); };
  OwnTables own_{"gatehouse"};
};

TEST_F(InitApplications, KnowWordPressUnderAnyPrefix) {
  for (const auto* const prefix : {"wp_", "x7_", "", "we`ird'_"}) {
    add_wordpress(schemas_, "blog", prefix);
    const auto source = known("blog", std::string(prefix) + "users");
    ASSERT_TRUE(source) << prefix;
    EXPECT_EQ(source->application, "WordPress");
    EXPECT_THAT(source->more, testing::ElementsAre(testing::Field(&Setting::value, "slash")));
    EXPECT_THAT(source->query, HasSubstr("ORDER BY `user_login` = TRIM(:name) DESC LIMIT 1"));
    EXPECT_THAT(source->roles_query, HasSubstr("'administrator'"));
    EXPECT_THAT(source->disabled_query, IsEmpty());
    expect_readable(*source);
  }
}

TEST_F(InitApplications, TakeTheRolesThatAWordPressHasAndNoOthers) {
  add_wordpress(schemas_, "blog", "x7_");
  rows_ = {{"editor"}, {"shop_manager"}, {"it's hard"}};
  const auto source = known("blog", "x7_users");
  EXPECT_THAT(source->roles_query, HasSubstr("'shop_manager'"));
  EXPECT_THAT(source->roles_query, Not(HasSubstr("hard")));
}

TEST_F(InitApplications, AskForNoMoreColumnsThanTheQueriesHave) {
  add_wordpress(schemas_, "blog", "x7_");
  const auto source = known("blog", "x7_users");
  EXPECT_TRUE(source->rights.contains({"blog", "x7_users", "SELECT", "user_pass"}));
  EXPECT_TRUE(source->rights.contains({"blog", "x7_usermeta", "SELECT", "meta_value"}));
  EXPECT_FALSE(source->rights.contains({"blog", "x7_users", "SELECT", "user_registered"}));
  EXPECT_FALSE(source->rights.contains({"blog", "x7_options", "SELECT", "option_value"}));
}

TEST_F(InitApplications, KnowJoomlaWithItsBlockedUsersAndGroups) {
  add_joomla(schemas_, "site", "x7_");
  const auto source = known("site", "x7_users");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->application, "Joomla");
  EXPECT_THAT(source->disabled_query, HasSubstr("block = 1"));
  EXPECT_THAT(source->disabled_query, HasSubstr("UNION SELECT 1 FROM `gatehouse`.`user_disabled`"));
  EXPECT_THAT(source->roles_query, HasSubstr("BETWEEN up.lft AND up.rgt"));
  expect_readable(*source);
}

TEST_F(InitApplications, KnowTheOthersByTheirColumns) {
  schemas_.add(
      table_of("d", "p_users_field_data",
               {"uid!", "langcode", "name", "pass", "mail", "status#", "default_langcode#"}));
  schemas_.add(table_of("d", "p_user__roles", {"entity_id#", "roles_target_id"}));
  schemas_.add(table_of(
      "b", "phpbb_users",
      {"user_id!", "username", "username_clean", "user_password", "user_type#", "user_email"}));
  schemas_.add(
      table_of("l", "users", {"id!", "name", "email", "password", "remember_token", "created_at"}));
  schemas_.add(table_of(
      "j", "auth_user",
      {"id!", "username", "password", "is_superuser#", "is_staff#", "is_active#", "last_login"}));
  schemas_.add(table_of("j", "auth_user_groups", {"id!", "user_id#", "group_id#"}));
  schemas_.add(table_of("j", "auth_group", {"id!", "name"}));
  schemas_.add(table_of("s", "user", {"id!", "email", "roles", "password"}));
  schemas_.add(table_of("n", "oc_users", {"uid!", "displayname", "password", "uid_lower"}));
  schemas_.add(table_of("m", "mdl_user",
                        {"id!", "username", "password", "auth", "confirmed#", "deleted#",
                         "suspended#", "mnethostid#"}));
  const std::initializer_list<std::array<const char*, 3>> all = {
      {"d", "p_users_field_data", "Drupal"},
      {"b", "phpbb_users", "phpBB"},
      {"l", "users", "Laravel"},
      {"j", "auth_user", "Django"},
      {"s", "user", "Symfony"},
      {"n", "oc_users", "Nextcloud"},
      {"m", "mdl_user", "Moodle"}};
  for (const auto& [schema, table, name] : all) {
    const auto source = known(schema, table);
    ASSERT_TRUE(source) << name;
    EXPECT_EQ(source->application, name);
    expect_readable(*source);
  }
}

TEST_F(InitApplications, TakeATableOfAnotherSchemaForNoneOfTheirs) {
  schemas_.add(table_of("blog", "x7_users", {"ID!", "user_login", "user_pass"}));
  schemas_.add(table_of("blog", "x7_users_backup",
                        {"ID!", "user_login", "user_pass", "user_email", "user_registered"}));
  EXPECT_FALSE(known("blog", "x7_users"));
  EXPECT_FALSE(known("blog", "x7_users_backup"));
}

TEST_F(InitApplications, ReadAnyTableByWhatItsColumnsAreCalled) {
  const auto source = generic(table_of(
      "app", "members", {"no!", "Email", "Login", "pw_hash", "is_active#", "role", "deleted_at"}));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->query,
            "SELECT `no`, `Login`, `pw_hash` FROM `members` WHERE (`Login` = :name OR `Email` = "
            ":name) ORDER BY `Login` = :name DESC LIMIT 1");
  EXPECT_THAT(source->disabled_query, HasSubstr("`is_active` = 0 OR `deleted_at` IS NOT NULL"));
  EXPECT_THAT(source->roles_query, HasSubstr("`role`"));
  expect_readable(*source);
}

TEST_F(InitApplications, ReadNoTableWithoutAKeyANameAndAHash) {
  EXPECT_FALSE(generic(table_of("a", "t", {"id#", "username", "password"})));
  EXPECT_FALSE(generic(table_of("a", "t", {"id!", "title", "password"})));
  EXPECT_FALSE(generic(table_of("a", "t", {"id!", "username", "token"})));
  EXPECT_FALSE(generic(table_of("a", "t", {"id!", "username", "password#"})));
}

TEST_F(InitApplications, QuoteHostileNames) {
  const auto source =
      generic(table_of("a", "t`; DROP TABLE x -- ", {"i`d!", "username", "password"}));
  ASSERT_TRUE(source);
  EXPECT_THAT(source->query, HasSubstr("FROM `t``; DROP TABLE x -- ` WHERE"));
  EXPECT_THAT(source->query, HasSubstr("SELECT `i``d`,"));
  expect_readable(*source);
}

TEST_F(InitApplications, SayWhoseHashesAreNoHashesOfPasswords) {
  EXPECT_THAT(
      unreadable_application(table_of("m", "user", {"login!", "password", "superuser_access#"})),
      HasSubstr("Matomo"));
  EXPECT_EQ(unreadable_application(table_of("m", "user", {"login!", "password"})), "");
}

}  // namespace
}  // namespace gatehouse::cli::init
