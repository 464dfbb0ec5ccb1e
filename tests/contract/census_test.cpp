/// `gatehouse password census` over a real table: in pieces by a key, or as a stream.
#include "cli/census.h"

#include <gmock/gmock.h>

#include <chrono>
#include <sstream>
#include <string>

#include "support/mariadb.h"
#include "support/session_tables.h"
#include "support/temporary_folder.h"

using gatehouse::test::MariaDb;
using gatehouse::test::numbers;
using testing::HasSubstr;
using testing::Not;

namespace {

class CensusTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.create("TABLE user (id INT PRIMARY KEY, username VARCHAR(45), password VARCHAR(255))");
  }
  void fill(std::size_t rows) {
    insert("user SELECT seq, seq, CONCAT('h', seq) FROM " + numbers(rows));
  }
  /// However long it takes on a busy machine.
  void insert(const std::string& rows) {
    auto settings = server_.settings();
    settings.timeout = std::chrono::seconds(60);
    const auto patient = gatehouse::mysql::Connection::open(settings, gatehouse::Secret());
    ASSERT_TRUE(patient) << patient.error().what;
    const auto done = (*patient)->execute("INSERT INTO " + rows);
    ASSERT_TRUE(done) << done.error().what;
  }
  /// The exit code; what was printed is in `said_`.
  int census(const std::string& query = "", const std::string& more = "") {
    const auto settings = server_.settings();
    std::ostringstream file;
    file << "[mysql]\nsocket = \"" << settings.socket << "\"\nuser = \"root\"\ntimeout = \"1s\"\n"
         << "[user]\n";
    if (!query.empty()) file << "census_query = \"" << query << "\"\n";
    file << more;
    std::ostringstream out;
    std::ostringstream err;
    const int code = gatehouse::cli::census(folder_.write("g.toml", file.str()), true, {out, err});
    said_ = out.str() + err.str();
    return code;
  }
  /// That so many rows were counted, each once.
  void expect_rows(std::size_t rows, const std::string& query = "") {
    EXPECT_EQ(census(query), 0) << said_;
    EXPECT_THAT(said_, HasSubstr("{\"rows\":" + std::to_string(rows) + ",")) << query;
  }
  /// How often the server ran a statement that holds `sign` while `act` ran.
  template <class Act>
  std::size_t statements(const std::string& sign, const Act& act) {
    server_.run({"SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log",
                 "SET GLOBAL general_log = ON"});
    act();
    server_.run({"SET GLOBAL general_log = OFF"});
    const auto count = server_.connect()->select(
        "SELECT COUNT(*) FROM mysql.general_log WHERE command_type IN ('Execute', 'Query') AND "
        "argument LIKE CONCAT('%', ?, '%')",
        {sign}, 1);
    return std::stoul(count.value().front().front().value());
  }

  MariaDb& server_ = MariaDb::shared();
  gatehouse::test::TemporaryFolder folder_;
  std::string said_;
};

TEST_F(CensusTest, ReadsTheTableInShortStatementsByDefault) {
  fill(20'000);
  const auto run = statements("password FROM user", [&] { expect_rows(20'000); });
  EXPECT_GE(run, 20U) << "no statement reads more than a thousandth of a million rows";
  EXPECT_LE(run, 30U);
}

TEST_F(CensusTest, CountsAnEmptyTable) {
  expect_rows(0);
}

TEST_F(CensusTest, CountsNullHashesToo) {
  fill(3);
  server_.run({"UPDATE user SET password = NULL WHERE id = 2"});
  expect_rows(3);
  expect_rows(3, "SELECT password FROM user");
}

TEST_F(CensusTest, ReadsAQueryOfTheSitesInPiecesByAKeyOfAnyType) {
  for (const auto* type : {"BIGINT UNSIGNED", "VARCHAR(45)", "CHAR(36)", "DECIMAL(20)"}) {
    server_.create("TABLE account (k " + std::string(type) + " PRIMARY KEY, pass VARCHAR(255))");
    insert("account SELECT 9223372036854770000 + seq, 'hash' FROM " + numbers(2'500));
    expect_rows(2'500, "SELECT k, pass FROM account WHERE k > :after ORDER BY k LIMIT 1000");
  }
}

TEST_F(CensusTest, ReadsBinaryKeysAsHex) {
  server_.create("TABLE account (k BINARY(16) PRIMARY KEY, pass VARCHAR(255))");
  insert("account SELECT UNHEX(LEFT(SHA2(seq, 256), 32)), 'hash' FROM " + numbers(2'500));
  expect_rows(2'500,
              "SELECT HEX(k), pass FROM account WHERE k > UNHEX(:after) ORDER BY k LIMIT 700");
}

/// Gitea's rows look alike, whatever they cost: its column passwd_hash_algo tells.
TEST_F(CensusTest, ReadsTheColumnsThatSayHowAHashIsComputed) {
  server_.create(
      "TABLE account (k INT PRIMARY KEY, pass VARCHAR(255), rands VARCHAR(32), algo VARCHAR(64))");
  insert(
      "account VALUES (1, REPEAT('a', 100), '0123456789abcdef', 'scrypt$65536$16$2$50'), "
      "(2, REPEAT('b', 100), '0123456789abcdef', NULL)");
  const std::string labelled = "pass, algo AS scheme, rands AS SALT FROM account";
  for (const std::string& query :
       {"SELECT k, " + labelled + " WHERE k > :after ORDER BY k LIMIT 10", "SELECT " + labelled}) {
    expect_rows(2, query);
    EXPECT_THAT(said_, HasSubstr("N=65536 r=16 p=2")) << query;
    EXPECT_THAT(said_, HasSubstr("sha256, 50000 rounds")) << query;
  }
  EXPECT_EQ(census("SELECT pass, rands FROM account"), 1);
  EXPECT_THAT(said_, HasSubstr("a column is AS salt or AS scheme"));
}

/// A form that is fine and has let nobody in may lack a step or a salt.
TEST_F(CensusTest, CountsTheRowsOfThoseWhoHaveLoggedIn) {
  fill(3);
  gatehouse::test::SessionTables tables;
  server_.run({"RENAME TABLE session TO session_away, login_place TO login_place_away"});
  expect_rows(3);
  server_.run({"RENAME TABLE session_away TO session, login_place_away TO login_place"});
  EXPECT_THAT(said_, Not(HasSubstr("logged_in"))) << "there are no tables of sessions";
  for (const std::string id : {"('a', '1'", "('b', '1'", "('c', '77'"}) {
    tables.run(
        "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch, "
        "site_epoch, created_at, last_used, address, user_agent) VALUES " +
        id + ", 'roy', 0, '', 0, 0, UTC_TIMESTAMP(), UTC_TIMESTAMP(), '', '')");
  }
  for (const std::string id : {"('1'", "('2'"}) {
    tables.run("INSERT INTO login_place VALUES " + id +
               ", 'a', '', NULL, '', NULL, 0, 0, UTC_TIMESTAMP(), 1)");
  }
  // A link that nobody has opened, and the device of one, say nothing of a login.
  for (const std::string place : {"('3', 'l'", "('3', 'd'"}) {
    tables.run("INSERT INTO login_place VALUES " + place +
               ", '', NULL, '', NULL, 0, 0, UTC_TIMESTAMP(), 2)");
  }
  expect_rows(3);
  EXPECT_THAT(said_, HasSubstr("\"rows\":3,\"logged_in\":2}"));
  expect_rows(3, "SELECT id AS k, password FROM user WHERE id > :after ORDER BY id LIMIT 10");
  EXPECT_THAT(said_, Not(HasSubstr("logged_in"))) << "the key may be another thing";
  expect_rows(3, "SELECT password FROM user");
  EXPECT_THAT(said_, Not(HasSubstr("logged_in")));
}

TEST_F(CensusTest, MayTakeLongerThanALogin) {
  fill(4);
  expect_rows(4, "SELECT password FROM user WHERE SLEEP(0.6) = 0");
  expect_rows(4,
              "SELECT id, password FROM user WHERE id > :after AND SLEEP(0.6) = 0"
              " ORDER BY id LIMIT 4");
}

TEST_F(CensusTest, GivesUpAStatementAfterALimitOfItsOwnAndEndsItOnTheServer) {
  fill(30);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(census("SELECT password FROM user WHERE SLEEP(1) = 0", "census_timeout = \"2s\"\n"), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_THAT(said_, HasSubstr("user.census_timeout"));
  const auto running = server_.connect()->select(
      "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP(1)%' AND id <> "
      "CONNECTION_ID()",
      {}, 1);
  EXPECT_EQ(running.value().front().front(), "0");
}

TEST_F(CensusTest, RefusesAQueryThatGoesRoundInCircles) {
  fill(10);
  for (const auto* query :
       {"SELECT 7, password FROM user WHERE :after IS NOT NULL LIMIT 5",
        "SELECT IF(:after = 1, 2, 1), password FROM user ORDER BY id LIMIT 1"}) {
    EXPECT_EQ(census(query), 1) << query;
    EXPECT_THAT(said_, HasSubstr("again and again")) << query;
  }
}

TEST_F(CensusTest, SaysWhatIsWrongWithAQuery) {
  fill(10'001);
  const auto expect = [&](const char* query, const char* what) {
    EXPECT_EQ(census(query), 1) << query;
    EXPECT_THAT(said_, HasSubstr(what)) << query;
  };
  expect("SELECT id, password FROM user WHERE id > :after ORDER BY id", "LIMIT");
  expect("SELECT id, password FROM user WHERE id > :after ORDER BY id LIMIT 10001", "10000");
  expect("SELECT password FROM user WHERE id > :after ORDER BY id LIMIT 10", "two columns");
  expect("SELECT id, password FROM user", "a column is AS salt or AS scheme");
  expect("SELECT NULLIF(id, 10), password FROM user WHERE id > :after ORDER BY id LIMIT 10",
         "NULL");
  expect("SELECT id, password FROM user WHERE id > :after AND id > :before LIMIT 10", ":before");
}

}  // namespace
