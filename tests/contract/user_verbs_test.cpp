/// The verbs of `gatehouse user` on MariaDB and MySQL.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sstream>
#include <string>

#include "cli/command_line.h"
#include "cli/user/verbs.h"
#include "support/session_tables.h"
#include "support/temporary_folder.h"

using gatehouse::Secret;
using gatehouse::cli::kOk;
using gatehouse::cli::kProblems;
using gatehouse::cli::PasswordSource;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::MariaDb;
using gatehouse::test::session_id;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using testing::HasSubstr;

namespace users = gatehouse::cli::users;

namespace {

/// The table of sql/schema.sql in the database of the sessions, with MySQL's root.
class UserVerbsTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.run({"DROP TABLE IF EXISTS user"});
    server_.run_file(std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "sql" / "schema.sql");
    configure("");
  }
  void TearDown() override {
    server_.run({"DROP TABLE IF EXISTS user", "DROP USER IF EXISTS clerk@localhost"});
  }
  void configure(const std::string& more) {
    const auto mysql = server_.settings();
    file_ =
        folder_.write("g.toml", fmt::format("[mysql]\nsocket = \"{}\"\nuser = \"{}\"\n[user]\n{}",
                                            mysql.socket, mysql.user, more));
  }
  /// Runs the verb with `given` on standard input; `out_` and `err_` have what it says.
  template <class Verb>
  int run(const Verb& verb, const std::string& given = "a long and good one") {
    std::istringstream in(given);
    std::ostringstream out;
    std::ostringstream err;
    const int code = verb(users::UserVerb{file_, account_, in, out, err});
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  int add(const std::string& name, const std::vector<std::string>& roles = {}) {
    return run([&](const auto& verb) {
      return users::add_user(verb, name, roles, PasswordSource::standard_input);
    });
  }
  std::string value(const std::string& sql) { return tables_.value(sql); }
  bool lives(std::uint64_t number) { return store_.find(session_id(number))->has_value(); }

  SessionTables tables_;
  MariaDb& server_ = MariaDb::shared();
  gatehouse::session::MysqlSessionStore store_{tables_.pool(), kTestLifetimes};
  gatehouse::test::TemporaryFolder folder_;
  std::filesystem::path file_;
  users::Account account_;
  std::string out_;
  std::string err_;
};

TEST_F(UserVerbsTest, AddListShowAndDeleteAUser) {
  ASSERT_EQ(add("roy", {"admin", "editor"}), kOk) << err_;
  EXPECT_EQ(out_, "the user \"roy\" is added, with the id \"1\" and the roles admin, editor\n");
  EXPECT_EQ(run([](const auto& verb) { return users::list_users(verb, {}, true); }), kOk) << err_;
  EXPECT_EQ(out_,
            "{\"users\":[{\"id\":\"1\",\"username\":\"roy\",\"disabled\":false,"
            "\"roles\":[\"admin\",\"editor\"]}]}\n");
  ASSERT_TRUE(store_.add(stored_session(1, "1"), {}));
  EXPECT_EQ(run([](const auto& verb) { return users::show_user(verb, {"ROY", {}}, false); }), kOk);
  EXPECT_THAT(out_, testing::AllOf(HasSubstr("roles       admin, editor\n"),
                                   HasSubstr("sessions    1\n"), HasSubstr("argon2id")));
  EXPECT_EQ(run([](const auto& verb) { return users::delete_user(verb, {"roy", {}}, true); }), kOk);
  EXPECT_FALSE(lives(1));
  EXPECT_EQ(value("SELECT COUNT(*) FROM user_role"), "0");
  EXPECT_EQ(run([](const auto& verb) {
              return users::delete_user(verb, {"roy", {}}, true);
            }),
            kProblems);
}

TEST_F(UserVerbsTest, ChangeAPasswordAndWhoIsDisabled) {
  ASSERT_EQ(add("roy"), kOk) << err_;
  const std::string before = value("SELECT password FROM user");
  ASSERT_TRUE(store_.add(stored_session(1, "1"), {}));
  EXPECT_EQ(run([](const auto& verb) {
              return users::change_password(verb, {"roy", {}}, PasswordSource::standard_input);
            }),
            kOk)
      << err_;
  EXPECT_NE(value("SELECT password FROM user"), before);
  EXPECT_FALSE(lives(1));
  ASSERT_TRUE(store_.add(stored_session(2, "1"), {}));
  EXPECT_EQ(run([](const auto& verb) { return users::disable_user(verb, {"roy", {}}); }), kOk);
  EXPECT_FALSE(lives(2));
  EXPECT_EQ(value("SELECT user_id FROM user_disabled"), "1");
  EXPECT_EQ(run([](const auto& verb) { return users::enable_user(verb, {"roy", {}}); }), kOk);
  EXPECT_EQ(value("SELECT COUNT(*) FROM user_disabled"), "0");
}

TEST_F(UserVerbsTest, ChangeRolesAndRevokeNothing) {
  ASSERT_EQ(add("roy"), kOk) << err_;
  ASSERT_TRUE(store_.add(stored_session(1, "1"), {}));
  EXPECT_EQ(run([](const auto& verb) { return users::add_role(verb, {"roy", {}}, "admin"); }), kOk);
  EXPECT_EQ(value("SELECT role FROM user_role WHERE user_id = '1'"), "admin");
  EXPECT_EQ(run([](const auto& verb) {
              return users::remove_role(verb, {"roy", {}}, "admin");
            }),
            kOk);
  EXPECT_EQ(value("SELECT COUNT(*) FROM user_role"), "0");
  EXPECT_TRUE(lives(1));
}

TEST_F(UserVerbsTest, ChangeNothingWhereOneOfTheTablesIsClosed) {
  ASSERT_EQ(add("roy"), kOk) << err_;
  ASSERT_TRUE(store_.add(stored_session(1, "1"), {}));
  server_.create("USER clerk@localhost IDENTIFIED BY 'of the clerk'");
  server_.run({"GRANT SELECT ON gatehouse.* TO clerk@localhost",
               "GRANT INSERT, UPDATE, DELETE ON gatehouse.user TO clerk@localhost",
               "GRANT INSERT, UPDATE, DELETE ON gatehouse.user_disabled TO clerk@localhost"});
  account_ = {"clerk", folder_.write("clerk", "of the clerk\n", 0600)};
  const std::string before = value("SELECT password FROM user");
  EXPECT_EQ(run([](const auto& verb) {
              return users::change_password(verb, {"roy", {}}, PasswordSource::standard_input);
            }),
            kProblems);
  EXPECT_THAT(err_, HasSubstr("--admin-user"));
  EXPECT_EQ(value("SELECT password FROM user"), before) << "without the sessions' end";
  EXPECT_EQ(run([](const auto& verb) {
              return users::disable_user(verb, {"roy", {}});
            }),
            kProblems);
  EXPECT_EQ(value("SELECT COUNT(*) FROM user_disabled"), "0");
  EXPECT_EQ(run([](const auto& verb) {
              return users::delete_user(verb, {"roy", {}}, true);
            }),
            kProblems);
  EXPECT_EQ(value("SELECT COUNT(*) FROM user"), "1");
  EXPECT_TRUE(lives(1));
}

TEST_F(UserVerbsTest, WriteAnotherProgramsTableByItsQueryAlone) {
  ASSERT_EQ(add("roy"), kOk) << err_;
  const std::string foreign =
      "query = \"SELECT id, username, password FROM user WHERE :name = username\"\n";
  configure(foreign);
  EXPECT_EQ(add("zoe"), kProblems);
  EXPECT_THAT(err_, HasSubstr("belongs to another program"));
  const auto change = [](const auto& verb) {
    return users::change_password(verb, {"roy", {}}, PasswordSource::standard_input);
  };
  EXPECT_EQ(run(change), kProblems);
  EXPECT_THAT(err_, HasSubstr("user.update_query"));
  configure(foreign +
            "update_query = \"UPDATE user SET password = :hash WHERE id = :id AND password = "
            ":old_hash\"\n");
  const std::string before = value("SELECT password FROM user");
  ASSERT_TRUE(store_.add(stored_session(1, "1"), {}));
  EXPECT_EQ(run(change), kOk) << err_;
  EXPECT_NE(value("SELECT password FROM user"), before);
  EXPECT_FALSE(lives(1));
}

}  // namespace
