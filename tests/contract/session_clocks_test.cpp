/// Sessions in a real database whose clock was set back, and requests that cross each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "session/store/mysql_session_store.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/session_parts.h"
#include "support/session_tables.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

class SessionsInMysql : public testing::Test {
 protected:
  SessionsInMysql() { users.add("roy", "hash"); }

  static Lookup find(test::SessionParts& in, std::string_view token) {
    const std::array candidates = {token};
    return in.sessions.find(candidates, Patience::some);
  }
  Secret start() {
    auto token = parts.sessions.start({user::UserId("1"), "roy", Secret(std::string("hash"))}, {},
                                      Kind::browser, {}, {});
    EXPECT_TRUE(token) << token.error().what;
    return std::move(*token);
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::SessionTables tables;
  MysqlSessionStore store{tables.pool(), lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::SessionParts other{clock, store, users};
};
using SessionThatRevokesAllOthers = SessionsInMysql;
using LoginInTheFutureOfTheDatabase = SessionsInMysql;
using ClockASecondBehindThatOfAnotherNode = SessionsInMysql;

TEST_F(SessionThatRevokesAllOthers, LivesThoughItDoesSoManyTimesAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kTimes = 30;
  const Secret token = start();
  std::atomic<int> over{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        const auto found = find(parts, token.view());
        if (found.state == Lookup::State::none) ++over;
        if (found.state != Lookup::State::live) continue;
        const auto ended = parts.sessions.revoke_others(*found.session);
        if (ended && !*ended) ++over;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(over, 0);
  EXPECT_EQ(find(parts, token.view()).state, Lookup::State::live);
}

TEST_F(LoginInTheFutureOfTheDatabase, IsNotTakenForRecent) {
  const Secret token = start();
  tables.run("UPDATE session SET created_at = created_at + INTERVAL 1 HOUR");
  const auto found = find(other, token.view());
  ASSERT_EQ(found.state, Lookup::State::live) << "nobody is logged out by a clock";
  EXPECT_GE(other.sessions.since_login(*found.session), 24h);
  EXPECT_LT(parts.sessions.since_login(*find(parts, token.view()).session), 1h)
      << "where it was begun its age is known";
}

TEST_F(LoginInTheFutureOfTheDatabase, IsNotTakenForRecentWhenItIsReadBack) {
  const Secret token = start();
  tables.run("UPDATE session SET created_at = created_at + INTERVAL 1 HOUR");
  Synchronisation sync({}, other);
  ASSERT_EQ(sync.read_back([] { return true; }), 1U);
  const auto found = find(other, token.view());
  ASSERT_EQ(found.state, Lookup::State::live);
  EXPECT_GE(other.sessions.since_login(*found.session), 24h);
}

TEST_F(ClockASecondBehindThatOfAnotherNode, MakesNoLoginOld) {
  const Secret token = start();
  tables.run("UPDATE session SET created_at = created_at + INTERVAL 1 SECOND");
  const auto found = find(other, token.view());
  ASSERT_EQ(found.state, Lookup::State::live);
  EXPECT_LT(other.sessions.since_login(*found.session), 10s);
}

}  // namespace
}  // namespace gatehouse::session
