#include "session/session_map.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/fake_clock.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

class SessionMapTest : public testing::Test {
 protected:
  SessionMapTest() = default;

  static SessionId id(int number) {
    SessionId id;
    std::memcpy(id.bytes.data(), &number, sizeof number);
    id.bytes.back() = static_cast<char>(number);
    return id;
  }
  Session session(int number, const std::string& user) {
    return {.id = id(number),
            .user = std::make_shared<const SessionUser>(SessionUser{user, "name of " + user}),
            .created = clock.now(),
            .last_used = clock.now()};
  }

  test::FakeClock clock;
  SessionMap map{
      clock, {.lifetime = {.idle = 10min, .absolute = 12h}, .capacity = 1000, .max_per_user = 3}};
};

TEST_F(SessionMapTest, FindsWhatWasInserted) {
  map.insert(session(1, "7"));
  const auto found = map.find(id(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user->id, "7");
  EXPECT_EQ(found->user->name, "name of 7");
  EXPECT_FALSE(map.find(id(2)));
}

TEST_F(SessionMapTest, ForgetsASessionAfterItsIdleTimeout) {
  map.insert(session(1, "7"));
  clock.advance(10min - 1ns);
  EXPECT_TRUE(map.find(id(1)));
  clock.advance(10min - 1ns);
  EXPECT_TRUE(map.find(id(1))) << "each use begins the idle time anew";
  clock.advance(10min);
  EXPECT_FALSE(map.find(id(1)));
  EXPECT_EQ(map.size(), 0U);
}

TEST_F(SessionMapTest, EndsASessionAfterItsAbsoluteLifetimeHoweverBusy) {
  map.insert(session(1, "7"));
  for (auto age = 0min; age < 12h - 5min; age += 5min) {
    clock.advance(5min);
    ASSERT_TRUE(map.find(id(1)));
  }
  clock.advance(5min);
  EXPECT_FALSE(map.find(id(1)));
}

TEST_F(SessionMapTest, ForgetsTheExpiredWhileOthersAreUsed) {
  map.insert(session(1, "7"));
  map.insert(session(2, "8"));
  clock.advance(9min);
  map.insert(session(3, "9"));
  clock.advance(2min);
  EXPECT_TRUE(map.find(id(3)));
  EXPECT_EQ(map.size(), 1U);
}

TEST_F(SessionMapTest, ErasesOnce) {
  map.insert(session(1, "7"));
  EXPECT_TRUE(map.erase(id(1)));
  EXPECT_FALSE(map.erase(id(1)));
  EXPECT_FALSE(map.find(id(1)));
}

TEST_F(SessionMapTest, LetsTheLongestUnusedOfAUserMakeRoom) {
  map.insert(session(1, "7"));
  map.insert(session(2, "7"));
  map.insert(session(3, "7"));
  clock.advance(1s);
  ASSERT_TRUE(map.find(id(1)));
  const auto gone = map.insert(session(4, "7"));
  EXPECT_EQ(gone, std::vector{id(2)});
  EXPECT_FALSE(map.find(id(2)));
  EXPECT_TRUE(map.find(id(1)));
  EXPECT_TRUE(map.insert(session(5, "8")).empty()) << "another user is not counted";
}

TEST_F(SessionMapTest, CountsOnlyLiveSessionsOfAUser) {
  for (int i = 0; i < 20; ++i) {
    map.insert(session(i, "7"));
    ASSERT_TRUE(map.erase(id(i)));
  }
  map.insert(session(100, "7"));
  map.insert(session(101, "7"));
  EXPECT_TRUE(map.insert(session(102, "7")).empty());
  clock.advance(11min);
  EXPECT_TRUE(map.insert(session(103, "7")).empty()) << "the others are over";
}

TEST_F(SessionMapTest, LetsTheLongestUnusedMakeRoomWhenItIsFull) {
  SessionMap small(
      clock, {.lifetime = {.idle = 10min, .absolute = 12h}, .capacity = 2, .max_per_user = 50});
  small.insert(session(1, "1"));
  small.insert(session(2, "2"));
  ASSERT_TRUE(small.find(id(1)));
  EXPECT_EQ(small.insert(session(3, "3")), std::vector{id(2)});
  EXPECT_EQ(small.size(), 2U);
}

TEST_F(SessionMapTest, StandsUpToManyThreads) {
  SessionMap busy(
      clock, {.lifetime = {.idle = 10min, .absolute = 12h}, .capacity = 5'000, .max_per_user = 3});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2'000; ++i) {
        busy.insert(session(t * 10'000 + i, std::to_string(i % 7)));
        static_cast<void>(busy.find(id(t * 10'000 + i / 2)));
        if (i % 3 == 0) busy.erase(id(t * 10'000 + i));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(busy.size(), 7U * 3U);
}

}  // namespace
}  // namespace gatehouse::session
