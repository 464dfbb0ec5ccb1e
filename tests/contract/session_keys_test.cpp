/// What MysqlSessionStore does for the running of a host: keys, epochs, and whether it can be
/// written.
#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "session/sessions.h"
#include "session/store/mysql_session_store.h"
#include "support/session_tables.h"

using namespace std::chrono_literals;
using gatehouse::Error;
using gatehouse::session::Epoch;
using gatehouse::session::MysqlSessionStore;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::MariaDb;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class SessionKeysTest : public testing::Test {
 protected:
  void add(std::uint64_t number) {
    const auto added = here_.add(stored_session(number), {"192.0.2.1", "Browser/1.0"});
    ASSERT_TRUE(added) << added.error().what;
  }
  /// Claims the keys of these marks.
  gatehouse::Result<void> claim(const std::vector<std::string>& marks) {
    return here_.claim(marks);
  }
  int rows() { return std::stoi(tables_.value("SELECT COUNT(*) FROM session")); }

  MariaDb& server_ = MariaDb::shared();
  SessionTables tables_;
  MysqlSessionStore here_{tables_.pool(), kTestLifetimes};
  MysqlSessionStore there_{tables_.other_pool(), kTestLifetimes};
};

TEST_F(SessionKeysTest, RefusesForeignKeysWhileSessionsLive) {
  ASSERT_TRUE(claim({"mine"}));
  ASSERT_TRUE(claim({"mine"})) << "again";
  add(1);
  const auto foreign = claim({"foreign"});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, Error::Kind::refused);
  EXPECT_THAT(foreign.error().what, HasSubstr("session.key_file"));
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(mark) FROM session_key"), "mine");
  ASSERT_TRUE(here_.revoke_all());
  EXPECT_EQ(claim({"foreign"}).error().kind, Error::Kind::refused) << "a host uses it still";
  tables_.let_pass(31s);
  ASSERT_TRUE(claim({"foreign"})) << "they were given up, and no host runs";
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(mark) FROM session_key"), "foreign");
}

TEST_F(SessionKeysTest, FollowsARotationOfKeys) {
  add(1);
  ASSERT_TRUE(claim({"old"})) << "sessions from before the marks";
  ASSERT_TRUE(claim({"old", "new"})) << "appended";
  ASSERT_TRUE(claim({"old"})) << "another host, not yet";
  ASSERT_TRUE(claim({"new", "old"})) << "promoted";
  ASSERT_TRUE(claim({"old", "new"})) << "another host, not yet";
  ASSERT_TRUE(claim({"new"})) << "dropped";
  EXPECT_EQ(claim({"newer", "new"}).error().kind, Error::Kind::refused)
      << "not appended everywhere first";
}

/// What `gatehouse key promote` asks before a host signs by a key.
TEST_F(SessionKeysTest, SaysWhichKeyMaySign) {
  const auto may = [&](const std::string& mark) {
    const auto answer = gatehouse::session::may_sign(tables_.pool(), mark);
    EXPECT_TRUE(answer) << answer.error().what;
    return answer && *answer;
  };
  EXPECT_TRUE(may("new")) << "no host has ever run";
  ASSERT_TRUE(claim({"old", "new"}));
  EXPECT_TRUE(may("new"));
  EXPECT_FALSE(may("newer"));
  tables_.let_pass(31s);
  ASSERT_TRUE(claim({"old"})) << "the host that runs now has another file";
  EXPECT_FALSE(may("new"));
  tables_.let_pass(31s);
  EXPECT_TRUE(may("new")) << "no host runs";
  EXPECT_FALSE(may("newer"));
}

TEST_F(SessionKeysTest, RefusesForeignKeysWhileAHostUsesOthersThoughNoSessionLives) {
  ASSERT_TRUE(claim({"mine"}));
  tables_.let_pass(20s);
  ASSERT_TRUE(claim({"mine"})) << "it runs, and says so";
  tables_.let_pass(20s);
  const auto foreign = there_.claim(std::vector<std::string>{"foreign"});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, Error::Kind::refused);
  EXPECT_THAT(foreign.error().what, HasSubstr("session.key_file"));
  tables_.let_pass(11s);
  EXPECT_TRUE(there_.claim(std::vector<std::string>{"foreign"})) << "it was not seen for 31 s";
  EXPECT_EQ(claim({"mine"}).error().kind, Error::Kind::refused) << "now it is the strange one";
}

TEST_F(SessionKeysTest, RefusesAKeyThatWasRetiredWhileAHostUsesTheNewOne) {
  ASSERT_TRUE(claim({"old", "new"}));
  tables_.let_pass(31s);
  ASSERT_TRUE(claim({"new"}));
  EXPECT_EQ(there_.claim(std::vector<std::string>{"old"}).error().kind, Error::Kind::refused);
}

TEST_F(SessionKeysTest, NoticesThatItsTablesHaveGoneBackInTime) {
  ASSERT_TRUE(claim({"mine"}));
  ASSERT_TRUE(claim({"mine"}));
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  ASSERT_TRUE(there_.claim(std::vector<std::string>{"mine"})) << "another host goes on";
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  tables_.run("UPDATE session_key_use SET times = 1");
  EXPECT_TRUE(here_.revocations(30s).value().went_back);
  EXPECT_FALSE(here_.revocations(30s).value().went_back) << "once";
  tables_.run("DELETE FROM session_key_use");
  EXPECT_TRUE(here_.revocations(30s).value().went_back) << "from before the first claim";
}

TEST_F(SessionKeysTest, EveryHostNoticesTablesThatHaveGoneBackByOneClaim) {
  ASSERT_TRUE(claim({"mine"}));
  ASSERT_TRUE(there_.claim(std::vector<std::string>{"mine"}));
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  EXPECT_FALSE(there_.revocations(30s).value().went_back);
  tables_.run("UPDATE session_key_use SET times = 1");
  EXPECT_TRUE(here_.revocations(30s).value().went_back);
  EXPECT_TRUE(there_.revocations(30s).value().went_back) << "the first one's look hides nothing";
}

TEST_F(SessionKeysTest, TakesAReadThatShowsLessThanOneBeforeForNoProofOfTablesThatHaveGoneBack) {
  ASSERT_TRUE(claim({"mine"}));
  ASSERT_TRUE(claim({"mine"}));
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  // This is what a server shows that cannot commit the second claim, which others have already.
  tables_.run("UPDATE session_key_use SET times = 1");
  const auto hanging = server_.connect();
  ASSERT_TRUE(hanging->execute("START TRANSACTION"));
  ASSERT_TRUE(hanging->execute("UPDATE session_key_use SET times = 2"));
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  ASSERT_TRUE(hanging->execute("COMMIT"));
  EXPECT_FALSE(here_.revocations(30s).value().went_back);
  tables_.run("UPDATE session_key_use SET times = 1");
  EXPECT_TRUE(here_.revocations(30s).value().went_back) << "now the tables are really older";
}

TEST_F(SessionKeysTest, RaisesAnEpochAndNeverLowersIt) {
  const auto expect_raised = [](const auto& raise) {
    EXPECT_EQ(raise(Epoch{3}), true);
    EXPECT_EQ(raise(Epoch{3}), false);
    EXPECT_EQ(raise(Epoch{2}), false);
  };
  expect_raised(
      [&](Epoch least) { return here_.raise_user_epoch(gatehouse::user::UserId("7"), least); });
  expect_raised([&](Epoch least) { return here_.raise_site_epoch(least); });
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(epoch) FROM session_epoch"), "3,3");
}

TEST_F(SessionKeysTest, LeavesNothingBehindWhenItIsProbed) {
  EXPECT_TRUE(here_.probe());
  EXPECT_EQ(rows(), 0);
  EXPECT_THAT(here_.revocations(30s).value().sessions, IsEmpty());
}

TEST_F(SessionKeysTest, IsNotReadyWhileItsTablesAreLocked) {
  auto administrator = server_.connect();
  ASSERT_TRUE(administrator->execute("FLUSH TABLES WITH READ LOCK"));
  EXPECT_EQ(here_.probe().error().kind, Error::Kind::unavailable);
  administrator.reset();  // which unlocks
  EXPECT_TRUE(here_.probe());
}

TEST_F(SessionKeysTest, LetsManyHostsClaimAtOnce) {
  std::atomic<int> claimed = 0;
  std::vector<std::jthread> hosts;
  for (int i = 0; i < 6; ++i) {
    hosts.emplace_back([&, i] {
      const std::vector<std::string> marks = {"one", "two"};
      claimed += (i % 2 == 0 ? here_ : there_).claim(marks) ? 1 : 0;
    });
  }
  hosts.clear();
  EXPECT_GE(claimed, 4) << "the others try again by themselves";
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM session_key"), "2");
}

}  // namespace
