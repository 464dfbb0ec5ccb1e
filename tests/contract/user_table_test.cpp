/// What an administrator changes of users and of what lies beside the sessions: in real tables.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "mysql/transaction.h"
#include "session/sessions.h"
#include "support/session_tables.h"
#include "user/standing_tables.h"
#include "user/user_table.h"

using gatehouse::Error;
using gatehouse::Result;
using gatehouse::Secret;
using gatehouse::mysql::Connection;
using gatehouse::mysql::in_transaction;
using gatehouse::mysql::Transaction;
using gatehouse::session::Revocations;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::MariaDb;
using gatehouse::test::session_id;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using gatehouse::user::Role;
using gatehouse::user::UserId;
using gatehouse::user::Username;
using gatehouse::user::UserTable;

namespace {

namespace fs = std::filesystem;

/// In a database of its own, whose name must be quoted, on a connection to the sessions' database.
class UserTableTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.run({"DROP DATABASE IF EXISTS `of ``users`", "CREATE DATABASE `of ``users`"});
    server_.run_file(fs::path(GATEHOUSE_SOURCE_DIR) / "sql" / "schema.sql", kDatabase);
  }
  Result<UserId> add(const std::string& name) {
    return table_.add(*Username::parse(name), Secret::copy_of("hash of " + name));
  }
  std::string value(const std::string& sql) { return tables_.value(sql); }

  static constexpr const char* kDatabase = "of `users";
  SessionTables tables_;
  MariaDb& server_ = MariaDb::shared();
  const std::unique_ptr<Connection> connection_ = server_.connect();
  UserTable table_{*connection_, kDatabase};
};

TEST_F(UserTableTest, AddsAUserWithTheNextId) {
  const auto first = add("roy");
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->text(), "1");
  EXPECT_EQ(value("SELECT password FROM `of ``users`.user WHERE id = 1"), "hash of roy");
  EXPECT_EQ(add("o'brien \\ \"x\" %")->text(), "2");
}

TEST_F(UserTableTest, RefusesANameThatIsThereInAnySpelling) {
  ASSERT_TRUE(add("roy"));
  for (const auto* name : {"roy", "ROY"}) {
    const auto again = add(name);
    ASSERT_FALSE(again) << name;
    EXPECT_EQ(again.error().kind, Error::Kind::invalid);
    EXPECT_THAT(again.error().what, testing::HasSubstr("there is a user \"roy\" already"));
  }
}

TEST_F(UserTableTest, RefusesANameThatTheColumnCannotHold) {
  EXPECT_FALSE(add(std::string(46, 'x')));
  EXPECT_EQ(value("SELECT COUNT(*) FROM `of ``users`.user"), "0");
}

TEST_F(UserTableTest, ReplacesAHashAndRemovesARow) {
  const auto id = *add("roy");
  EXPECT_EQ(table_.set_hash(id, Secret::copy_of("another")), true);
  EXPECT_EQ(value("SELECT password FROM `of ``users`.user"), "another");
  EXPECT_EQ(table_.set_hash(UserId("99"), Secret::copy_of("another")), false);
  EXPECT_EQ(table_.remove(id), true);
  EXPECT_EQ(table_.remove(id), false);
}

TEST_F(UserTableTest, IsReadInPagesInTheOrderOfIds) {
  tables_.run("INSERT INTO `of ``users`.user (id, username) SELECT seq, CONCAT('u', seq) FROM " +
              gatehouse::test::numbers(2 * UserTable::kPage + 1));
  tables_.run("INSERT INTO `of ``users`.user (id, username) VALUES (-5, 'below')");
  std::vector<std::string> names;
  std::optional<UserId> last;
  std::size_t pages = 0;
  for (;; ++pages) {
    const auto page = table_.page(last);
    ASSERT_TRUE(page) << page.error().what;
    if (page->empty()) break;
    EXPECT_LE(page->size(), UserTable::kPage);
    for (const auto& row : *page) names.push_back(row.name);
    last = page->back().id;
  }
  EXPECT_EQ(pages, 3U);
  ASSERT_EQ(names.size(), 2 * UserTable::kPage + 2);
  EXPECT_EQ(names.front(), "below");
  EXPECT_EQ(names.back(), "u2001");
}

class StandingTablesTest : public testing::Test {
 protected:
  SessionTables tables_;
  const std::unique_ptr<Connection> connection_ = MariaDb::shared().connect();
  const UserId id_{"7"};
  const Role admin_ = *Role::parse("admin");
};

TEST_F(StandingTablesTest, ChangeRolesAndSayWhetherTheyDid) {
  using namespace gatehouse::user;
  EXPECT_EQ(add_role(*connection_, id_, admin_), true);
  EXPECT_EQ(add_role(*connection_, id_, admin_), false);
  EXPECT_EQ(add_role(*connection_, id_, *Role::parse("Admin")), true) << "another one";
  EXPECT_EQ(remove_role(*connection_, id_, admin_), true);
  EXPECT_EQ(remove_role(*connection_, id_, admin_), false);
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(role) FROM user_role"), "Admin");
}

TEST_F(StandingTablesTest, DisableAndEnable) {
  using namespace gatehouse::user;
  EXPECT_EQ(disable(*connection_, id_), true);
  EXPECT_EQ(disable(*connection_, id_), false);
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM user_disabled WHERE user_id = '7'"), "1");
  EXPECT_EQ(enable(*connection_, id_), true);
  EXPECT_EQ(enable(*connection_, id_), false);
}

TEST_F(StandingTablesTest, ForgetOneIdAndNoOther) {
  using namespace gatehouse::user;
  for (const auto* id : {"7", "70"}) {
    ASSERT_TRUE(add_role(*connection_, UserId(id), admin_));
    ASSERT_TRUE(disable(*connection_, UserId(id)));
  }
  ASSERT_TRUE(forget_standing(*connection_, id_));
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(user_id) FROM user_role"), "70");
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(user_id) FROM user_disabled"), "70");
}

class AdministrationTest : public testing::Test {
 protected:
  Revocations polled() {
    const auto revocations = store_.revocations(std::chrono::seconds(30));
    EXPECT_TRUE(revocations);
    return revocations.value_or(Revocations{});
  }
  bool lives(std::uint64_t number) { return store_.find(session_id(number))->has_value(); }

  SessionTables tables_;
  gatehouse::session::MysqlSessionStore store_{tables_.other_pool(), kTestLifetimes};
  const std::unique_ptr<Connection> connection_ = MariaDb::shared().connect();
  const UserId id_{"7"};
};

TEST_F(AdministrationTest, RevokesTheSessionsWithTheCommitAndNotBefore) {
  ASSERT_TRUE(store_.add(stored_session(1), {}));
  ASSERT_TRUE(store_.add(stored_session(2, "8"), {}));
  const auto undone = in_transaction(*connection_, [&](Transaction& transaction) {
    transaction.roll_back();
    return gatehouse::session::revoke_sessions_of(*connection_, id_);
  });
  ASSERT_TRUE(undone);
  EXPECT_TRUE(lives(1));
  EXPECT_TRUE(polled().users.empty());
  ASSERT_TRUE(in_transaction(*connection_, [&](Transaction&) {
    return gatehouse::session::revoke_sessions_of(*connection_, id_);
  }));
  tables_.run("DO 0");  // until other nodes have it
  EXPECT_FALSE(lives(1));
  EXPECT_TRUE(lives(2));
  ASSERT_EQ(polled().users.size(), 1U);
  EXPECT_EQ(polled().users.front().id, id_);
}

TEST_F(AdministrationTest, AnnouncesAChangeThatRevokesNothing) {
  ASSERT_TRUE(store_.add(stored_session(1), {}));
  for (std::uint32_t changes = 1; changes <= 2; ++changes) {
    ASSERT_TRUE(gatehouse::session::announce_change_of(*connection_, id_));
    tables_.run("DO 0");
    ASSERT_EQ(polled().users.size(), 1U);
    EXPECT_EQ(polled().users.front().changes, changes);
    EXPECT_EQ(number_of(polled().users.front().epoch), 0U);
    EXPECT_TRUE(lives(1));
  }
}

TEST_F(AdministrationTest, KnowsTheLastLoginAsLongAsTheTableDoes) {
  EXPECT_EQ(gatehouse::session::last_login(*connection_, id_), std::nullopt);
  ASSERT_TRUE(store_.add(stored_session(1), {}));
  tables_.let_pass(std::chrono::hours(1));
  ASSERT_TRUE(store_.add(stored_session(2, "8"), {}));
  ASSERT_TRUE(store_.revoke(session_id(1)));
  const auto login = gatehouse::session::last_login(*connection_, id_);
  ASSERT_TRUE(login && *login);
  EXPECT_GE(**login, std::chrono::hours(1));
  EXPECT_LT(**login, std::chrono::hours(2));
}

}  // namespace
