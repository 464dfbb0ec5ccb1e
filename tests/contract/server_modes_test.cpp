/// Servers that read SQL and text in another way than a fresh one does.
#include <gmock/gmock.h>

#include <array>

#include "mysql/pool.h"
#include "session/store/mysql_session_store.h"
#include "support/mariadb.h"
#include "support/session_tables.h"
#include "user/mysql_user_directory.h"

using gatehouse::Secret;
using gatehouse::mysql::Pool;
using gatehouse::session::MysqlSessionStore;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::MariaDb;
using gatehouse::test::session_id;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using gatehouse::user::MysqlUserDirectory;
using gatehouse::user::UserId;
using gatehouse::user::Username;
using testing::HasSubstr;
using testing::Not;
using namespace std::string_view_literals;

namespace {

/// What a server tells those who connect holds for accounts that are no administrator's. The rows
/// are written in characters that no setting changes.
void make_table_and_account(const MariaDb& server) {
  server.create(
      "TABLE user (id INT PRIMARY KEY AUTO_INCREMENT, username VARCHAR(45)"
      " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, password VARCHAR(255))");
  server.create("USER plain@localhost");
  server.run({"GRANT ALL ON gatehouse.* TO plain@localhost",
              "INSERT INTO user (username) VALUES (CONVERT(UNHEX('72C3B679') USING utf8mb4)),"
              " (CONVERT(UNHEX('F09F9880') USING utf8mb4))"});
}

void expect_names_are_found(const MariaDb& server, std::string_view why) {
  auto settings = server.settings();
  settings.user = "plain";
  Pool pool(settings, Secret());
  MysqlUserDirectory directory(pool, gatehouse::user::parse_queries({}).value());
  for (const auto name : {"r\xc3\xb6y"sv, "\xf0\x9f\x98\x80"sv}) {
    const auto user = directory.find(Username::parse(name).value());
    ASSERT_TRUE(user) << why << ": " << user.error().what;
    ASSERT_EQ(user->users.size(), 1U) << why << ": nobody is called " << name;
    EXPECT_EQ(user->users.front().name, name) << why;
  }
}

TEST(CharacterSet, IsOursWhateverTheServerThinksOfTheHandshake) {
  if (MariaDb::shared().is_mysql()) GTEST_SKIP() << "the option is MariaDB's";
  const MariaDb server({"--skip-networking", "--skip-character-set-client-handshake",
                        "--character-set-server=latin1"});
  make_table_and_account(server);
  expect_names_are_found(server, "skip-character-set-client-handshake");
}

TEST(CharacterSet, IsOursWhateverTheServerSaysToThoseWhoConnect) {
  const MariaDb& server = MariaDb::shared();
  make_table_and_account(server);
  for (const std::string command :
       {"SET NAMES latin1", "SET character_set_connection = latin1",
        "SET character_set_results = latin1", "SET character_set_client = cp1251"}) {
    server.run({"SET GLOBAL init_connect = '" + command + "'"});
    expect_names_are_found(server, command);
  }
  server.run({"SET GLOBAL init_connect = ''", "DROP USER plain@localhost"});
}

/// The mode holds from the next connection on, and no longer than this.
class Mode {
 public:
  Mode(MariaDb& server, std::string_view mode) : server_(server) {
    before_ = server_.connect()->select("SELECT @@GLOBAL.sql_mode", {}, 1)->at(0).at(0).value();
    set(mode);
  }
  Mode(const Mode&) = delete;
  Mode& operator=(const Mode&) = delete;
  ~Mode() { set(before_); }

 private:
  void set(std::string_view mode) {
    server_.run({"SET GLOBAL sql_mode = '" + std::string(mode) + "'"});
  }
  MariaDb& server_;
  std::string before_;
};

/// A login without a browser's name, found, listed, used and ended with all others.
void expect_sessions_work(std::string_view mode) {
  SessionTables tables;
  MysqlSessionStore store(tables.pool(), kTestLifetimes);
  const auto added = store.add(stored_session(1), {"192.0.2.1", ""});
  ASSERT_TRUE(added) << mode << ": " << added.error().what;
  const auto found = store.find(session_id(1));
  ASSERT_TRUE(found && *found) << mode;
  EXPECT_EQ((*found)->fingerprint, stored_session(1).fingerprint);
  const std::vector<gatehouse::session::StoredUse> uses = {{session_id(1), {}}};
  EXPECT_TRUE(store.note_uses(uses)) << mode;
  const auto list = store.list(UserId("7"));
  ASSERT_TRUE(list && list->size() == 1) << mode;
  EXPECT_EQ(list->front().origin.user_agent, "");
  EXPECT_TRUE(store.page({})) << mode;
  EXPECT_TRUE(store.purge()) << mode;
  const std::vector<std::string> marks = {"mark"};
  EXPECT_TRUE(store.claim(marks)) << mode;
  EXPECT_EQ(**store.revoke_user(UserId("7"), session_id(1)), gatehouse::session::Epoch{1}) << mode;
  ASSERT_TRUE(store.revoke_all()) << mode;
  EXPECT_EQ(store.revocations(std::chrono::seconds(30))->site_epoch, gatehouse::session::Epoch{1})
      << mode;
  EXPECT_FALSE(*store.find(session_id(1))) << mode << ": all were ended";
}

TEST(SqlMode, OfTheServerHindersNoSession) {
  MariaDb& server = MariaDb::shared();
  std::vector<std::string_view> modes = {"", "ANSI", "PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES",
                                         "TRADITIONAL"};
  if (!server.is_mysql()) {
    modes.insert(modes.end(), {"EMPTY_STRING_IS_NULL", "ORACLE", "ORACLE,EMPTY_STRING_IS_NULL",
                               "STRICT_TRANS_TABLES,EMPTY_STRING_IS_NULL,ANSI_QUOTES"});
  }
  for (const auto mode : modes) {
    const Mode held(server, mode);
    expect_sessions_work(mode);
  }
}

TEST(SqlMode, OfTheServerIsKeptForTheQueriesOfTheSite) {
  MariaDb& server = MariaDb::shared();
  const bool is_mysql = server.is_mysql();
  for (const std::string_view mode :
       {"ANSI_QUOTES"sv, "PIPES_AS_CONCAT"sv, "NO_BACKSLASH_ESCAPES"sv, "PAD_CHAR_TO_FULL_LENGTH"sv,
        "IGNORE_SPACE"sv, "HIGH_NOT_PRECEDENCE"sv}) {
    const Mode held(server,
                    is_mysql ? std::string(mode) : std::string(mode) + ",EMPTY_STRING_IS_NULL");
    const auto now = server.connect()->select("SELECT @@SESSION.sql_mode", {}, 1);
    ASSERT_TRUE(now);
    EXPECT_THAT(now->at(0).at(0).value(), HasSubstr(std::string(mode)));
    EXPECT_THAT(now->at(0).at(0).value(), HasSubstr("STRICT_ALL_TABLES"));
    EXPECT_THAT(now->at(0).at(0).value(), Not(HasSubstr("EMPTY_STRING_IS_NULL")));
  }
}

TEST(SqlMode, CutsNothingSilentlyWhateverTheServersIs) {
  MariaDb& server = MariaDb::shared();
  server.create("TABLE t (s VARCHAR(3)) ENGINE = MyISAM");
  for (const std::string_view mode : {""sv, "ANSI"sv, "NO_ENGINE_SUBSTITUTION"sv}) {
    const Mode held(server, mode);
    EXPECT_FALSE(server.connect()->execute("INSERT INTO t VALUES (?)", {"four"})) << mode;
  }
}

}  // namespace
