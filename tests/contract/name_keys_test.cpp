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
    const auto of = [](std::string_view part) {
      return GetParam().find(part) != std::string::npos;
    };
    if (of("_0900_") && !server_.is_mysql()) GTEST_SKIP() << "MySQL alone has it";
    if (of("_uca1400_") && server_.is_mysql()) GTEST_SKIP() << "MariaDB alone has it";
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

  /// Whether the site's own query finds the row of `roy`.
  bool finds_row(const std::string& name) {
    const auto rows = pool_.with([&](mysql::Connection& connection) {
      return connection.select("SELECT id FROM counted WHERE username = ?", {name}, 1);
    });
    return rows && !rows->empty();
  }

  test::MariaDb& server_ = test::MariaDb::shared();
  mysql::Pool pool_{server_.settings(), Secret()};
  NameKeys keys_{lookup("SELECT id, username, password FROM counted WHERE username = :name"), ""};
};

INSTANTIATE_TEST_SUITE_P(Collations, NameKeysTest,
                         testing::Values("utf8mb4_general_ci", "utf8mb4_unicode_ci",
                                         "utf8mb4_unicode_520_ci", "utf8mb4_bin",
                                         "latin1_swedish_ci", "latin1_general_cs",
                                         "utf8mb4_uca1400_ai_ci", "utf8mb4_uca1400_as_ci",
                                         "utf8mb4_uca1400_as_cs", "utf8mb4_uca1400_nopad_as_ci",
                                         "utf8mb4_uca1400_swedish_as_cs", "utf8mb4_0900_ai_ci",
                                         "utf8mb4_0900_as_ci", "utf8mb4_0900_as_cs",
                                         "utf8mb4_ja_0900_as_cs", "utf8mb4_de_pb_0900_as_cs"),
                         [](const auto& collation) { return collation.param; });

TEST_P(NameKeysTest, AreEqualForSpellingsOfAName) {
  const std::string roy = key("roy");
  EXPECT_EQ(roy.size(), 64U);
  for (const auto* const spelling : {"ROY", "Roy", "roy ", "roy   "}) {
    EXPECT_EQ(key(spelling), roy) << spelling;
  }
  if (!GetParam().starts_with("latin1")) {
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

/// Every spelling that the column itself takes for `roy`.
TEST_P(NameKeysTest, AreEqualForWhateverFindsTheRow) {
  const std::string roy = key("roy");
  int found = 0;
  for (const auto* const spelling :
       {"ROY", "roy ", "r\u00f3y", "r\u00ady", "r\u00adoy", "r\u200boy", "r\u0001oy", "roy\u00ad",
        "\u200broy", "\uff52\uff4f\uff59", "\uff32oy", "ro\u0301y", "r\u00f8y", "\u24e1oy",
        "roy \u00ad", "roy  \u200b "}) {
    if (!finds_row(spelling)) continue;
    ++found;
    EXPECT_EQ(key(spelling), roy) << spelling;
  }
  if (GetParam().find("_as_") != std::string::npos) {
    EXPECT_GE(found, 5) << "which it ignores";
  }
}

TEST(CountingCollations, GiveWayWhereOneTellsCasesOrAccentsApart) {
  using List = std::vector<std::string>;
  const auto first = [](std::string_view collation) {
    return counting_collations(collation).front();
  };
  EXPECT_EQ(counting_collations("utf8mb4_0900_ai_ci"),
            (List{"utf8mb4_0900_ai_ci", "utf8mb4_general_ci"}));
  EXPECT_EQ(first("utf8mb4_0900_as_cs"), "utf8mb4_0900_ai_ci");
  EXPECT_EQ(first("utf8mb4_de_pb_0900_as_cs"), "utf8mb4_de_pb_0900_ai_ci");
  EXPECT_EQ(first("utf8mb4_uca1400_as_ci"), "utf8mb4_uca1400_ai_ci");
  EXPECT_EQ(first("uca1400_as_cs"), "utf8mb4_uca1400_ai_ci");
  EXPECT_EQ(first("utf8mb4_uca1400_nopad_as_cs"), "utf8mb4_uca1400_nopad_ai_ci");
  for (const auto* const fine : {"utf8mb4_bin", "latin1_general_cs", "binary", "", "a'b_as_ci"}) {
    EXPECT_EQ(counting_collations(fine), List{"utf8mb4_general_ci"}) << fine;
  }
}

}  // namespace
}  // namespace gatehouse::user
