/// Which names are counted as one, by the server's own collations.
#include "user/name_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/mariadb.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::user {
namespace {

class NameKeysTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    server_.run({"DROP TABLE IF EXISTS counted",
                 fmt::format("CREATE TABLE counted (id int PRIMARY KEY, username varchar(100)"
                             " CHARACTER SET {} COLLATE {}, password varchar(100))",
                             GetParam().substr(0, GetParam().find('_')), GetParam()),
                 "INSERT INTO counted VALUES (1, 'roy', '')"});
  }
  static mysql::NamedQuery lookup(const std::string& text) {
    config::User settings;
    settings.query = text;
    return parse_lookup(settings).value();
  }
  std::string key(const std::string& name) {
    const auto key = keys_.of(pool_, Username::parse(name).value());
    EXPECT_TRUE(key) << key.error().what;
    return key.value_or("");
  }

  test::MariaDb& server_ = test::MariaDb::shared();
  mysql::Pool pool_{server_.settings(), Secret()};
  NameKeys keys_{lookup("SELECT id, username, password FROM counted WHERE username = :name"), ""};
};

INSTANTIATE_TEST_SUITE_P(Collations, NameKeysTest,
                         testing::Values("utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin",
                                         "latin1_swedish_ci"),
                         [](const auto& collation) { return collation.param; });

TEST_P(NameKeysTest, AreEqualForSpellingsOfAName) {
  const std::string roy = key("roy");
  EXPECT_EQ(roy.size(), 64U);
  for (const auto* const spelling : {"ROY", "Roy", "roy ", "roy   "}) {
    EXPECT_EQ(key(spelling), roy) << spelling;
  }
  if (GetParam() != "latin1_swedish_ci") {
    EXPECT_EQ(key("r\u00f3y"), roy);
  }
}

TEST_P(NameKeysTest, DifferForOtherNames) {
  EXPECT_NE(key("roy"), key("roi"));
  EXPECT_NE(key("roy"), key("ro"));
  EXPECT_NE(key("roy"), key(" roy"));
  EXPECT_NE(key(std::string(255, 'a')), key(std::string(254, 'a')));
}

TEST_P(NameKeysTest, AreThereForNamesThatTheTableCannotHave) {
  EXPECT_FALSE(key("\xf0\x9f\x8e\xb9").empty());
  EXPECT_FALSE(key("'\"\\;--").empty());
}

TEST_P(NameKeysTest, FollowTheConfiguredCollation) {
  NameKeys keys(lookup("SELECT 1, 'x', 'y' WHERE :name = ''"), "utf8mb4_unicode_ci");
  const auto of = [&](const std::string& name) {
    return keys.of(pool_, Username::parse(name).value()).value();
  };
  EXPECT_EQ(of("Stra\u00dfe"), of("STRASSE"));
}

TEST(CountingCollation, GivesWayWhereItTellsCasesOrAccentsApart) {
  EXPECT_EQ(counting_collation("utf8mb4_0900_ai_ci"), "utf8mb4_0900_ai_ci");
  for (const auto* const fine : {"utf8mb4_bin", "utf8mb4_0900_as_cs", "utf8mb4_0900_as_ci",
                                 "latin1_general_cs", "binary", "", "a'b_c"}) {
    EXPECT_EQ(counting_collation(fine), "utf8mb4_general_ci") << fine;
  }
}

}  // namespace
}  // namespace gatehouse::user
