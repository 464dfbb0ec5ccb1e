#include "unit/cli/check_fixture.h"

namespace gatehouse::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(Check, OnlyWarnsOfASocketThatSystemdHolds) {
  const std::string text =
      "[server]\nlisten = \"unix:no-folder/s\"\nsocket_group = \"no-such-group\"\n"
      "[session]\nkey_file = \"keys\"\nstore = \"memory\"\n";
  EXPECT_EQ(check_with(text, {.offline = true}), 1);
  EXPECT_EQ(check_with(text, {.offline = true, .activated = true}), 0);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("warning: server.listen: there is no folder"),
                                 HasSubstr("warning: server.socket_group: there is no group"),
                                 HasSubstr(": ok")));
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
      ElementsAre(
          AllOf(HasSubstr("g.toml:2: user.query: "), HasSubstr("nmae")),
          "g.toml:4: session.key_file: no-keys: cannot be read: No such file or directory\n"
          "    `gatehouse init --key --config g.toml` makes it",
          StartsWith("g.toml:7: mysql.tls_ca: no-ca cannot be read: No such file or directory\n"),
          "g.toml:8: mysql.password_file: no-password: cannot be read: No such file or "
          "directory",
          StartsWith("g.toml:10: server.listen: there is no folder no-folder\n    "),
          StartsWith("g.toml:11: server.socket_group: there is no group no-such-group\n    ")));
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
  EXPECT_EQ(noted_, "");
}

/// Otherwise whoever mends the file believes that MySQL was found to be right.
TEST_F(Check, SaysThatMysqlIsNotAskedWhereItsSectionIsFaulty) {
  EXPECT_EQ(check(right("socket = \"no.sock\"\ntimeout = 1\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:9: mysql.timeout: ")));
  EXPECT_THAT(noted_, HasSubstr("note: MySQL is not asked until the problems above are mended"));
  EXPECT_EQ(check("[mysql]\nsocket = \"no.sock\n", false), 1);
  EXPECT_THAT(noted_, HasSubstr("MySQL is not asked"));
  EXPECT_EQ(check("[mysql]\nsocket = \"no.sock\n"), 1);
  EXPECT_EQ(noted_, "") << "offline, nobody wanted it to be asked";
}

TEST_F(Check, SaysThatANameIsNotLookedUpBesideProblems) {
  EXPECT_EQ(check_with(right("socket = \"no.sock\"\n"), {.names = {"roy"}}), 1);
  EXPECT_THAT(noted_, HasSubstr("--name is not looked up until the problems above are mended"));
}

TEST_F(Check, DemandsThatSecretsAreClosedToOthers) {
  (void)folder_.write("keys", std::string(43, 'A') + "\n", 0644);
  (void)folder_.write("password", "secret\n", 0604);
  EXPECT_EQ(check(right("password_file = \"password\"\n")), 1);
  EXPECT_THAT(said_,
              ElementsAre(AllOf(HasSubstr("g.toml:5: session.key_file: keys: every user"),
                                HasSubstr("mode 0644")),
                          AllOf(HasSubstr("g.toml:8: mysql.password_file: password: every user"),
                                HasSubstr("mode 0604"))));
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
  EXPECT_THAT(said_,
              ElementsAre("g.toml:5: session.key_file: keys: there is no key in the file: "
                          "remove it, and `gatehouse init --key --config g.toml` makes a new one"));
}

TEST_F(Check, SaysThatMysqlIsAway) {
  EXPECT_EQ(check(right("socket = \"no.sock\"\n"), false), 1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:8: mysql.socket: ")));
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

TEST_F(Check, NamesEveryWrongKeyOfThePasswordSection) {
  EXPECT_EQ(check(right() + "[password]\nallow_weak = [\"bcrypt\", \"none\"]\nwrite = \"raw-md5\"\n"
                            "new = \"same\"\n"),
            1);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("g.toml:9: password.allow_weak: \"bcrypt\""),
                                 HasSubstr("g.toml:9: password.allow_weak: \"none\""),
                                 HasSubstr("g.toml:10: password.write: \"raw-md5\""),
                                 HasSubstr("g.toml:11: password.new: \"same\"")));
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
  EXPECT_THAT(said_,
              ElementsAre("g.toml:9: user.update_query: there is no :old_hash in it: it ends "
                          "with WHERE id = :id AND password = :old_hash, and sets :hash"));
}

TEST_F(Check, WarnsOfHashesThatTheSiteMayNotBeAbleToRead) {
  EXPECT_EQ(check(right() + "[password]\nwrite = \"argon2id\"\n"), 0);
  ASSERT_EQ(said_.size(), 2U);
  EXPECT_THAT(said_.front(), HasSubstr("g.toml:9: warning: password.write: every row becomes"));
  EXPECT_EQ(said_.back(), "g.toml: ok");
}

}  // namespace
}  // namespace gatehouse::cli
