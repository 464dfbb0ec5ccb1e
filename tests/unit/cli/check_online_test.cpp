#include "cli/migrate.h"
#include "support/mariadb.h"
#include "unit/cli/check_fixture.h"

namespace gatehouse::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class CheckOnline : public Check {
 protected:
  static std::string mysql_lines() {
    const config::Mysql settings = test::MariaDb::shared().settings();
    return "socket = \"" + settings.socket +
           "\"\nuser = \"checker\"\npassword_file = \"password\"\n";
  }
  /// With this account, and the password of the file or none.
  int check_as(const std::string& user, bool with_password) {
    return check(right("socket = \"" + test::MariaDb::shared().settings().socket + "\"\nuser = \"" +
                       user + "\"\n" + (with_password ? "password_file = \"password\"\n" : "")),
                 false);
  }
  void SetUp() override {
    Check::SetUp();
    test::MariaDb::shared().run(
        {"CREATE TABLE IF NOT EXISTS user (id INT PRIMARY KEY, username "
         "VARCHAR(45), password VARCHAR(255))"});
    make_account("checker@localhost", "IDENTIFIED BY 'secret'");
  }
  void TearDown() override { drop_accounts(); }
  void make_account(const std::string& name, const std::string& how) {
    test::MariaDb::shared().create("USER " + name + " " + how);
    test::MariaDb::shared().run({"GRANT ALL ON *.* TO " + name});
    accounts_.push_back(name);
  }
  /// An account that may connect and do nothing else.
  void make_narrow_account() {
    test::MariaDb::shared().create("USER narrow@localhost IDENTIFIED BY 'secret'");
    accounts_.emplace_back("narrow@localhost");
    test::MariaDb::shared().run({"CREATE TABLE IF NOT EXISTS unused (id INT)",
                                 "GRANT SELECT ON gatehouse.unused TO narrow@localhost"});
  }
  int check_narrow(const std::string& queries, const std::string& more = "") {
    return check(right("socket = \"" + test::MariaDb::shared().settings().socket +
                       "\"\nuser = \"narrow\"\npassword_file = \"password\"\n" + more) +
                     queries,
                 false);
  }
  static std::string rights_of_narrow() {
    std::string all;
    const auto rows = test::MariaDb::shared().connect()->for_each(
        "SHOW GRANTS FOR narrow@localhost", [&](const mysql::Row& row) {
          all += row.front().value_or("") + "\n";
          return true;
        });
    EXPECT_TRUE(rows);
    return all;
  }
  void drop_accounts() {
    for (const auto& name : accounts_) test::MariaDb::shared().run({"DROP USER IF EXISTS " + name});
  }
  std::vector<std::string> accounts_;
};

TEST_F(CheckOnline, SaysThatMysqlTakesTheQuery) {
  EXPECT_EQ(check(right(mysql_lines()), false), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(CheckOnline, SaysThatMysqlRefusesTheQuery) {
  EXPECT_EQ(check(right(mysql_lines()) + "[user]\nquery = \"SELECT id, nick, password FROM user "
                                         "WHERE nick = :name\"\n",
                  false),
            1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:12: user.query: "), HasSubstr("nick"))));
}

TEST_F(CheckOnline, SaysWhatIsWrongWithTheOtherQueries) {
  EXPECT_EQ(check(right(mysql_lines()) +
                      "[user]\nupdate_query = \"UPDATE user SET pass = :hash WHERE id = :id AND "
                      "password = :old_hash\"\ncensus_query = \"SELECT id, password FROM user\"\n",
                  false),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:12: user.update_query: "),
                                 HasSubstr("g.toml:13: user.census_query: ")));
}

TEST_F(CheckOnline, WarnsOfACensusThatSeesLessOfARowThanALogin) {
  const std::string query =
      "[user]\nquery = \"SELECT id, username, password, 'bcrypt' AS scheme "
      "FROM user WHERE username = :name\"\ncensus_query = \"SELECT password";
  EXPECT_EQ(check(right(mysql_lines()) + query + " FROM user\"\n", false), 0);
  EXPECT_THAT(said_, Contains(HasSubstr("user.census_query: it lacks the column AS scheme")));
  EXPECT_EQ(check(right(mysql_lines()) + query + ", 'bcrypt' AS scheme FROM user\"\n", false), 0);
  EXPECT_THAT(said_, testing::Not(Contains(HasSubstr("lacks the column"))));
}

TEST_F(CheckOnline, SaysThatTheQueryGivesOtherColumns) {
  EXPECT_EQ(check(right(mysql_lines()) + "[user]\nquery = \"SELECT id FROM user WHERE username = "
                                         ":name\"\n",
                  false),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:12: user.query: ")));
}

TEST_F(CheckOnline, SaysThatTheColumnsAreInTheWrongOrder) {
  const std::string begin = right(mysql_lines()) + "[user]\nquery = \"SELECT ";
  const std::string end = " FROM user WHERE username = :name\"\n";
  EXPECT_EQ(check(begin + "id, password, username" + end, false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:12: user.query: "),
                                       HasSubstr("second column is called \"password\""))));
  EXPECT_EQ(check(begin + "password, id, username" + end, false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("first column is called \"password\"")));
  EXPECT_EQ(check(begin + "id, username, CONCAT(password) AS x" + end, false), 0);
}

TEST_F(CheckOnline, SaysEveryProblemOfTheQueriesInOneRun) {
  EXPECT_EQ(
      check(right(mysql_lines()) +
                "[user]\nquery = \"SELECT nothing\"\nroles_query = \"SELECT role FROM nowhere "
                "WHERE id = :id\"\n",
            false),
      1);
  EXPECT_THAT(said_,
              ElementsAre(AllOf(HasSubstr("g.toml:12: user.query: "), HasSubstr(":name")),
                          AllOf(HasSubstr("g.toml:13: user.roles_query: "), HasSubstr("nowhere"))));
}

TEST_F(CheckOnline, WarnsOfAnAccountThatMayWriteUsersOrSessions) {
  test::MariaDb& server = test::MariaDb::shared();
  server.create("USER shop@localhost IDENTIFIED BY 'secret'");
  accounts_.emplace_back("shop@localhost");
  server.run({"GRANT UPDATE (password) ON gatehouse.user TO shop@localhost"});
  EXPECT_EQ(check(right(mysql_lines()), false), 0);
  EXPECT_THAT(said_,
              ElementsAre(AllOf(HasSubstr("warning: user.query: 'shop'@'localhost' may write"),
                                HasSubstr("REVOKE")),
                          "g.toml: ok"));
  // Another program's table is written by that program's account.
  const std::string foreign =
      "[user]\nquery = \"SELECT id, username, password FROM user WHERE :name = username\"\n";
  EXPECT_EQ(check(right(mysql_lines()) + foreign, false), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(CheckOnline, SaysThatMysqlRefusesTheAccount) {
  const std::string socket = test::MariaDb::shared().settings().socket;
  const std::string begin = "socket = \"" + socket + "\"\nuser = \"";
  EXPECT_EQ(check(right(begin + "nobody-here\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:9: mysql.user: MySQL error 1"),
                                       HasSubstr("\n    If the account has a password"))));
  (void)folder_.write("wrong", "wrong\n", 0640);
  EXPECT_EQ(check(right(begin + "checker\"\npassword_file = \"wrong\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:9: mysql.user: MySQL error 1045"),
                                       HasSubstr("on the first line of wrong"))));
}

TEST_F(CheckOnline, NamesTheDatabaseWhereThatIsWrong) {
  EXPECT_EQ(check(right(mysql_lines() + "database = \"no_such_database\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:11: mysql.database: MySQL error 1049")));
  make_narrow_account();
  EXPECT_EQ(check_narrow("", "database = \"mysql\"\n"), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:11: mysql.database: MySQL error 1044"),
                                       HasSubstr("\n    `gatehouse init` gives the account"))));
}

/// Each right that a query of the configuration needs comes as a statement to copy, which is
/// enough: with it the query is taken.
TEST_F(CheckOnline, GivesTheGrantForEachRightThatAQueryLacks) {
  make_narrow_account();
  test::MariaDb& server = test::MariaDb::shared();
  server.run({"CREATE TABLE IF NOT EXISTS groups_of (user_id INT, name VARCHAR(20))"});
  const std::string queries =
      "[user]\nroles_query = \"SELECT name FROM groups_of WHERE user_id = :id\"\n"
      "update_query = \"UPDATE user SET password = :hash WHERE id = :id AND password = "
      ":old_hash\"\n";
  EXPECT_EQ(check_narrow(queries), 1);
  EXPECT_THAT(said_,
              ElementsAre(HasSubstr("user.query: "), HasSubstr("user.census_query: "),
                          HasSubstr("user.roles_query: "), HasSubstr("user.update_query: ")));
  for (int i = 0; i < 5 && !said_.empty() && said_.front() != "g.toml: ok"; ++i) {
    for (const auto& one : said_) {
      const auto at = one.find("GRANT ");
      ASSERT_NE(at, std::string::npos) << one;
      server.run({one.substr(at, one.rfind(';') - at)});
    }
    (void)check_narrow(queries);
  }
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
  EXPECT_THAT(rights_of_narrow(), HasSubstr("UPDATE (`password`)")) << "and no right to more";
}

TEST_F(CheckOnline, RefusesAnAccountThatAnybodyCanLogInTo) {
  make_account("open@localhost", "");
  EXPECT_EQ(check_as("open", false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:9: mysql.user: "), HasSubstr("ALTER USER"),
                                       HasSubstr("open@localhost"))));
}

TEST_F(CheckOnline, RefusesAnOpenAccountOfAnyHost) {
  make_account("open@'%'", "IDENTIFIED BY ''");
  EXPECT_EQ(check_as("open", false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("g.toml:9: mysql.user: "), HasSubstr("open@%"))));
}

/// The trap of an anonymous account: `owner` of any host has a password, but whoever comes from
/// this one is nobody in particular, and needs none.
TEST_F(CheckOnline, RefusesTheAnonymousAccountThatStandsBeforeOurs) {
  make_account("owner@'%'", "IDENTIFIED BY 'secret'");
  make_account("''@localhost", "");
  EXPECT_EQ(check_as("owner", false), 1);
  EXPECT_THAT(said_, Contains(AllOf(HasSubstr("g.toml:9: mysql.user: "), HasSubstr("@localhost"))));
}

TEST_F(CheckOnline, RefusesAnOpenAccountOfTheSessionsOwn) {
  test::MariaDb::shared().run({"DROP DATABASE IF EXISTS tables", "CREATE DATABASE tables"});
  make_account("open@localhost", "");
  const std::string own =
      "[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n"
      "[session]\nkey_file = \"keys\"\nuser = \"open\"\n[mysql]\n" +
      mysql_lines();
  EXPECT_EQ(check(own, false), 1);
  EXPECT_THAT(said_,
              Contains(AllOf(HasSubstr("g.toml:6: session.user: "), HasSubstr("ALTER USER"))));
}

/// Where the kernel says who comes, no password is needed.
TEST_F(CheckOnline, TakesAnAccountOfTheSystemsUser) {
  test::MariaDb& server = test::MariaDb::shared();
  const bool mysql = server.is_mysql();
  if (mysql) {
    (void)server.connect()->execute("INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'");
    // Its account must have the name of the system's user, which root's of the tests has.
    server.run({"ALTER USER root@localhost IDENTIFIED WITH auth_socket"});
  } else {
    server.run({"ALTER USER root@localhost IDENTIFIED VIA unix_socket"});
  }
  EXPECT_EQ(check_as("root", false), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
  server.run({"ALTER USER root@localhost IDENTIFIED BY ''"});
}

TEST_F(CheckOnline, SaysThatAnybodyCanUseTheDatabaseThroughAnotherAccount) {
  make_account("''@localhost", "");
  EXPECT_EQ(check_as("checker", true), 0);
  EXPECT_THAT(said_,
              ElementsAre(AllOf(HasSubstr("warning: mysql.database: "), HasSubstr("@localhost")),
                          "g.toml: ok"));
}

TEST_F(CheckOnline, SaysWhichTablesAreMissing) {
  const std::string in_mysql =
      "[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n"
      "[session]\nkey_file = \"keys\"\ndatabase = \"tables\"\n[mysql]\n" +
      mysql_lines();
  test::MariaDb::shared().run({"DROP DATABASE IF EXISTS tables"});
  EXPECT_EQ(check(in_mysql, false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:6: session.database: MySQL error 1049")));
  test::MariaDb::shared().run({"CREATE DATABASE tables"});
  EXPECT_EQ(check(in_mysql, false), 1);
  EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("session.store: tables are missing"),
                                       HasSubstr("0001_sessions"), HasSubstr("migrate"))));
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(migrate(folder_.path() / "g.toml", false, {out, err}), 0) << err.str();
  EXPECT_EQ(check(in_mysql, false), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(CheckOnline, SaysThatItDoesNotLookAtTablesWhoseSectionIsFaulty) {
  EXPECT_EQ(check("[session]\nkey_file = \"keys\"\nidle_timeout = 1\n[server]\nlisten = "
                  "\"unix:g.sock\"\nsocket_group = \"root\"\n[mysql]\n" +
                      mysql_lines(),
                  false),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:3: session.idle_timeout: ")));
  EXPECT_THAT(noted_, HasSubstr("the tables of the sessions are not looked at until"));
}

TEST_F(CheckOnline, DoesNotAskMysqlOffline) {
  EXPECT_EQ(check(right(mysql_lines()) + "[user]\nquery = \"SELECT nothing WHERE :name\"\n"), 0);
}

}  // namespace
}  // namespace gatehouse::cli
