/// The columns of user.query that are known by their labels.
#include <gmock/gmock.h>

#include "mysql/pool.h"
#include "support/mariadb.h"
#include "user/mysql_user_directory.h"

using gatehouse::Secret;
using gatehouse::test::MariaDb;
using gatehouse::user::Matches;
using gatehouse::user::MysqlUserDirectory;
using gatehouse::user::Username;
using testing::HasSubstr;

namespace {

const std::filesystem::path kSqlFolder = std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "sql";

gatehouse::Result<Matches> find(const std::string& query) {
  gatehouse::config::User settings;
  settings.query = query;
  gatehouse::mysql::Pool pool(MariaDb::shared().settings(), Secret());
  MysqlUserDirectory directory(pool, gatehouse::user::parse_queries(settings).value());
  return directory.find(Username::parse("roy").value());
}

TEST(LabelledColumns, AreReadWhereverTheyStand) {
  MariaDb::shared().run({"DROP TABLE IF EXISTS user"});
  for (const auto* const file : {"schema.sql", "sample.sql"}) {
    MariaDb::shared().run_file(kSqlFolder / file);
  }
  const auto found = find(
      "SELECT id, username, password, 'md5(password)' AS scheme, X'00ff' AS SALT FROM user "
      "WHERE username = :name");
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_EQ(found->users.size(), 1U);
  EXPECT_EQ(found->users.front().salt, std::string("\0\xff", 2));
  EXPECT_EQ(found->users.front().scheme, "md5(password)");
  const auto none =
      find("SELECT id, username, password, NULL AS salt FROM user WHERE username = :name");
  ASSERT_TRUE(none) << none.error().what;
  EXPECT_EQ(none->users.front().salt, "");
  for (const std::string more : {"id", "id AS `e-mail`", "1 AS salt, 2 AS salt"}) {
    const auto wrong =
        find("SELECT id, username, password, " + more + " FROM user WHERE username = :name");
    ASSERT_FALSE(wrong) << more;
    EXPECT_THAT(wrong.error().what, HasSubstr("column ")) << more;
  }
}

}  // namespace
