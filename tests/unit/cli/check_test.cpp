#include "cli/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/migrate.h"
#include "support/mariadb.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Check : public testing::Test {
 protected:
  void SetUp() override {
    (void)folder_.write("keys", std::string(43, 'A') + "\n", 0640);
    (void)folder_.write("password", "secret\n", 0640);
  }

  /// The exit code; `said_` has the lines without the folder.
  int check(const std::string& text, bool offline = true) {
    std::ostringstream out;
    const int code = cli::check(folder_.write("g.toml", text), offline, out);
    said_.clear();
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      const std::string folder = folder_.path().string() + "/";
      for (auto at = line.find(folder); at != std::string::npos; at = line.find(folder)) {
        line.erase(at, folder.size());
      }
      said_.push_back(line);
    }
    return code;
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> said_;
};

/// What is right on this machine, and lines for more of [mysql].
std::string right(const std::string& more = "") {
  return "[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n"
         "[session]\nkey_file = \"keys\"\nstore = \"memory\"\n[mysql]\n" +
         more;
}

TEST_F(Check, SaysThatAllIsWell) {
  EXPECT_EQ(check(right("password_file = \"password\"\n")), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(Check, SaysEveryProblemOfTheFile) {
  EXPECT_EQ(check(right() + "[log]\nlevel = 1\ncolour = 2\n"), 1);
  EXPECT_THAT(said_, ElementsAre("g.toml:9: log.level: must be a word in quotes, not an integer",
                                 "g.toml:10: log.colour: unknown key"));
}

TEST_F(Check, SaysEveryProblemOfWhatTheFileNames) {
  EXPECT_EQ(check(R"([user]
query = "SELECT :nmae"
[session]
key_file = "no-keys"
[mysql]
host = "db"
tls_ca = "no-ca"
password_file = "no-password"
[server]
listen = "unix:no-folder/g.sock"
socket_group = "no-such-group"
)"),
            1);
  EXPECT_THAT(
      said_,
      ElementsAre(AllOf(HasSubstr("g.toml:2: user.query: "), HasSubstr("nmae")),
                  "g.toml:4: session.key_file: no-keys: cannot be read: No such file or directory",
                  "g.toml:7: mysql.tls_ca: no-ca cannot be read: No such file or directory",
                  "g.toml:8: mysql.password_file: no-password: cannot be read: No such file or "
                  "directory",
                  "g.toml:10: server.listen: there is no folder no-folder",
                  "g.toml:11: server.socket_group: there is no group no-such-group"));
}

TEST_F(Check, AsksForTheFilesThatAFaultyFileNames) {
  EXPECT_EQ(check("[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n[session]\n"
                  "key_file = \"no-keys\"\nidle_timeout = \"1ms\"\n"),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:5: session.key_file: no-keys: "),
                                 HasSubstr("g.toml:6: session.idle_timeout: ")));
}

TEST_F(Check, AsksMysqlThoughAnotherSectionIsFaulty) {
  const std::string faulty = "socket = \"no.sock\"\n[log]\nlevel = 1\n";
  EXPECT_EQ(check(right(faulty), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:8: mysql.socket: "), HasSubstr("log.level")));
  EXPECT_EQ(check(right("socket = \"no.sock\"\ntimeout = 1\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:9: mysql.timeout: ")));
}

TEST_F(Check, DemandsThatSecretsAreClosedToOthers) {
  (void)folder_.write("keys", std::string(43, 'A') + "\n", 0644);
  (void)folder_.write("password", "secret\n", 0604);
  EXPECT_EQ(check(right("password_file = \"password\"\n")), 1);
  EXPECT_THAT(
      said_,
      ElementsAre(
          AllOf(HasSubstr("g.toml:5: session.key_file: keys: every user"), HasSubstr("mode 0644")),
          AllOf(HasSubstr("g.toml:8: mysql.password_file: password: every user"), HasSubstr("mode 0604"))));
}

TEST_F(Check, ReadsThePasswordOfAnAccountForTheSessionsAlone) {
  const std::string text =
      "[server]\nlisten = \"unix:g.sock\"\nsocket_group = \"root\"\n[session]\nkey_file = "
      "\"keys\"\n"
      "user = \"sessions\"\npassword_file = \"no-password\"\n";
  EXPECT_EQ(check(text), 1);
  EXPECT_THAT(said_, ElementsAre("g.toml:7: session.password_file: no-password: cannot be read: No "
                                 "such file or directory"));
}

TEST_F(Check, ReadsTheKeys) {
  (void)folder_.write("keys", "# empty\n", 0640);
  EXPECT_EQ(check(right()), 1);
  EXPECT_THAT(said_, ElementsAre("g.toml:5: session.key_file: keys: there is no key in the file: "
                                 "remove it, and `gatehouse init` makes a new one"));
}

TEST_F(Check, SaysThatMysqlIsAway) {
  EXPECT_EQ(check(right("socket = \"no.sock\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:8: mysql.socket: ")));
}

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

TEST_F(Check, NamesSchemesThatAreNone) {
  EXPECT_EQ(check(right() + "[password]\nallow_weak = [\"raw-md5\", \"bcrypt\"]\n"), 1);
  EXPECT_THAT(said_,
              ElementsAre(StartsWith("g.toml:9: password.allow_weak: \"bcrypt\" is not a weak "
                                     "scheme. Weak schemes are: werkzeug-legacy-md5, ")));
  EXPECT_EQ(check(right() + "[password]\nwrite = \"raw-md5\"\n"), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:9: password.write: \"raw-md5\"")));
  EXPECT_EQ(check(right() + "[password]\nnew = \"same\"\n"), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:9: password.new: \"same\"")));
}

TEST_F(Check, RefusesToWriteWhatItWouldRefuseToRead) {
  EXPECT_EQ(check(right() + "[password]\nmax_cost = \"2s 16MiB\"\n"), 1);
  EXPECT_THAT(said_, ElementsAre("g.toml: password.new: \"argon2id\" would cost more than "
                                 "password.max_cost"));
  EXPECT_EQ(check(right() + "[password]\nwrite = \"django-md5\"\n"), 1);
  EXPECT_THAT(said_,
              ElementsAre(HasSubstr("\"django-md5\" is not a scheme that Gatehouse writes. It "
                                    "writes: werkzeug-pbkdf2, ")));
}

TEST_F(Check, WantsEachPlaceholderOfTheUpdate) {
  EXPECT_EQ(check(right() + "[user]\nupdate_query = \"UPDATE user SET password = :hash WHERE "
                            "id = :id\"\n"),
            1);
  EXPECT_THAT(said_, ElementsAre("g.toml:9: user.update_query: there is no :old_hash in it"));
}

TEST_F(Check, WarnsOfHashesThatTheSiteMayNotBeAbleToRead) {
  EXPECT_EQ(check(right() + "[password]\nwrite = \"argon2id\"\n"), 0);
  ASSERT_EQ(said_.size(), 2U);
  EXPECT_THAT(said_.front(), HasSubstr("g.toml:9: warning: password.write: every row becomes"));
  EXPECT_EQ(said_.back(), "g.toml: ok");
}

TEST_F(CheckOnline, SaysThatTheQueryGivesOtherColumns) {
  EXPECT_EQ(check(right(mysql_lines()) + "[user]\nquery = \"SELECT id FROM user WHERE username = "
                                         ":name\"\n",
                  false),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:12: user.query: ")));
}

TEST_F(CheckOnline, SaysThatMysqlRefusesTheAccount) {
  const std::string socket = test::MariaDb::shared().settings().socket;
  EXPECT_EQ(check(right("socket = \"" + socket + "\"\nuser = \"nobody-here\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:8: mysql.socket: ")));
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
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:6: session.database: MySQL error")));
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

TEST_F(CheckOnline, DoesNotAskMysqlOffline) {
  EXPECT_EQ(check(right(mysql_lines()) + "[user]\nquery = \"SELECT nothing WHERE :name\"\n"), 0);
}

}  // namespace
}  // namespace gatehouse::cli
