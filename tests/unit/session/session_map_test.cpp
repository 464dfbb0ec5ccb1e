#include "session/memory/session_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <thread>
#include <utility>

#include "support/fake_clock.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using State = Lookup::State;
using Insertion = SessionMap::Insertion;

constexpr Lifetimes kLifetimes{.browser = {.idle = 10min, .absolute = 12h},
                               .persistent = {.idle = 24h, .absolute = 72h}};

class SessionMapTest : public testing::Test {
 protected:
  static SessionId id(int number) {
    SessionId id;
    std::memcpy(id.bytes.data(), &number, sizeof number);
    id.bytes.back() = static_cast<char>(number);
    return id;
  }
  SessionMap::NewRecord session(SessionMap& of, int number, const std::string& user) const {
    return {.id = id(number),
            .user = of.user(user::UserId(user), "name of " + user),
            .kind = Kind::browser,
            .created = clock.now(),
            .last_used = clock.now(),
            .fingerprint = Fingerprint{1},
            .epochs = {}};
  }
  Insertion insert(int number, const std::string& user) {
    return map.insert(session(map, number, user));
  }
  State state(int number) { return map.find(id(number)).state; }

  test::FakeClock clock;
  SessionMap map{clock, {.lifetimes = kLifetimes, .capacity = 1000, .tombstone = 60s}};
};

TEST_F(SessionMapTest, FindsWhatWasInserted) {
  EXPECT_EQ(insert(1, "7"), Insertion::done);
  const auto found = map.find(id(1));
  ASSERT_EQ(found.state, State::live);
  EXPECT_EQ(found.session->user->id, user::UserId("7"));
  EXPECT_EQ(found.session->user->name, "name of 7");
  EXPECT_EQ(state(2), State::ask_store);
}

TEST_F(SessionMapTest, DoesNotKnowASessionAfterItsIdleTimeout) {
  insert(1, "7");
  clock.advance(10min - 1ns);
  EXPECT_EQ(state(1), State::live);
  clock.advance(10min - 1ns);
  EXPECT_EQ(state(1), State::live) << "each use begins the idle time anew";
  clock.advance(10min);
  EXPECT_EQ(state(1), State::ask_store) << "it may have been used on another host";
  EXPECT_EQ(map.size(), 0U);
}

TEST_F(SessionMapTest, DoesNotKnowASessionAfterItsAbsoluteLifetimeHoweverBusy) {
  insert(1, "7");
  for (auto age = 0min; age < 12h - 5min; age += 5min) {
    clock.advance(5min);
    ASSERT_EQ(state(1), State::live);
  }
  clock.advance(5min);
  EXPECT_EQ(state(1), State::ask_store);
}

TEST_F(SessionMapTest, KeepsAPersistentSessionByItsOwnLimits) {
  auto persistent = session(map, 1, "7");
  persistent.kind = Kind::persistent;
  map.insert(persistent);
  clock.advance(24h - 1ns);
  EXPECT_EQ(map.find(id(1)).session->kind, Kind::persistent);
  clock.advance(24h);
  EXPECT_EQ(state(1), State::ask_store);
}

TEST_F(SessionMapTest, ForgetsTheExpiredWhileOthersAreUsed) {
  insert(1, "7");
  insert(2, "8");
  clock.advance(9min);
  insert(3, "9");
  clock.advance(2min);
  EXPECT_EQ(state(3), State::live);
  EXPECT_EQ(map.size(), 1U);
}

TEST_F(SessionMapTest, AsksForWhatItForgotAndRefusesWhatWasRevoked) {
  insert(1, "7");
  insert(2, "7");
  map.forget(id(1));
  map.revoke(id(2));
  EXPECT_EQ(state(1), State::ask_store);
  EXPECT_EQ(state(2), State::none);
  EXPECT_EQ(map.size(), 0U);
}

TEST_F(SessionMapTest, BringsBackNothingThatWasRevokedMeanwhile) {
  map.revoke(id(1));
  clock.advance(60s - 1ns);
  EXPECT_EQ(insert(1, "7"), Insertion::revoked);
  EXPECT_EQ(map.restore(session(map, 1, "7")), Insertion::revoked);
  EXPECT_EQ(state(1), State::none);
}

TEST_F(SessionMapTest, RemovesTombstonesInTimeButNotWhileTheStoreIsRead) {
  map.keep_tombstones(true);
  map.revoke(id(1));
  clock.advance(61s);
  map.revoke(id(2));
  EXPECT_EQ(insert(1, "7"), Insertion::revoked);
  map.keep_tombstones(false);
  map.revoke(id(3));
  EXPECT_EQ(insert(1, "7"), Insertion::done);
}

TEST_F(SessionMapTest, HoldsATombstoneUntilTheStoreKnowsOfTheRevocation) {
  insert(1, "7");
  map.hold_revoked(id(1));
  clock.advance(24h);
  map.revoke(id(2));
  EXPECT_EQ(state(1), State::none);
  EXPECT_EQ(insert(1, "7"), Insertion::revoked);
  map.revoke(id(1));
  clock.advance(61s);
  map.revoke(id(2));
  EXPECT_EQ(state(1), State::ask_store);
}

TEST_F(SessionMapTest, RemembersForFiveSecondsWhatTheStoreDoesNotHave) {
  map.note_missing(id(1));
  clock.advance(5s - 1ns);
  EXPECT_EQ(state(1), State::none);
  clock.advance(1ns);
  EXPECT_EQ(state(1), State::ask_store);
  map.note_missing(id(2));
  EXPECT_EQ(insert(2, "7"), Insertion::done) << "absent is not ended: it may begin";
  EXPECT_EQ(state(2), State::live);
}

TEST_F(SessionMapTest, RemembersNoMoreThanSoManyUnknownIds) {
  for (int i = 0; i < 5000; ++i) map.note_missing(id(i * 256));  // all in one shard
  EXPECT_EQ(state(0), State::ask_store);
  EXPECT_EQ(state(4999 * 256), State::none);
}

TEST_F(SessionMapTest, RevokesAUsersSessionsOfALowerEpoch) {
  insert(1, "7");
  insert(2, "8");
  map.revoke_user(user::UserId("7"), Epoch{1});
  EXPECT_EQ(state(1), State::ask_store);
  EXPECT_EQ(state(2), State::live);
  EXPECT_EQ(insert(1, "7"), Insertion::stale) << "a lookup from before the ending";
  auto later = session(map, 3, "7");
  later.epochs.user = Epoch{1};
  EXPECT_EQ(map.insert(later), Insertion::done);
  map.revoke_user(user::UserId("7"), Epoch{1});
  EXPECT_EQ(state(3), State::live) << "each poll tells of it again";
}

/// Does something the next time that it is asked for the time.
class MeddlingClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const noexcept override {
    if (meddle) std::exchange(meddle, nullptr)();
    return clock_.now();
  }
  mutable std::function<void()> meddle;

 private:
  test::FakeClock clock_;
};

TEST_F(SessionMapTest, AsksAboutASessionWhoseUserIsRevokedBetweenTheEpochsAndTheInsertion) {
  const MeddlingClock meddling;
  SessionMap other(meddling, {.lifetimes = kLifetimes, .capacity = 1000, .tombstone = 60s});
  const auto late = session(other, 1, "7");
  meddling.meddle = [&] { other.revoke_user(user::UserId("7"), Epoch{1}); };
  EXPECT_EQ(other.insert(late), Insertion::done);
  EXPECT_FALSE(meddling.meddle) << "the insertion asks for the time between the two";
  EXPECT_EQ(other.find(id(1)).state, State::ask_store);
}

TEST_F(SessionMapTest, RevokesEverybodysSessions) {
  insert(1, "7");
  map.revoke_all(Epoch{1});
  EXPECT_EQ(state(1), State::ask_store);
  EXPECT_EQ(insert(1, "7"), Insertion::stale);
  auto later = session(map, 2, "7");
  later.epochs.site = Epoch{1};
  EXPECT_EQ(map.insert(later), Insertion::done);
  map.revoke_all(Epoch{1});
  map.revoke_all(Epoch{0});
  EXPECT_EQ(state(2), State::live);
}

TEST_F(SessionMapTest, KeepsWhatItTookInBeforeItHeardOfTheEpochsOfThatTime) {
  auto later = session(map, 1, "7");
  later.epochs.site = Epoch{3};
  map.insert(later);
  map.revoke_all(Epoch{3});  // the first poll after the start
  EXPECT_EQ(state(1), State::live);
  EXPECT_EQ(insert(2, "7"), Insertion::stale) << "it was begun before the third end of all";
}

TEST_F(SessionMapTest, AsksAboutSessionsThatShowAnotherPassword) {
  insert(1, "7");
  const auto user = map.find_user(user::UserId("7"));
  user->learn(user::no_roles, Fingerprint{1});
  EXPECT_EQ(state(1), State::live);
  user->learn(user::no_roles, Fingerprint{2});
  EXPECT_EQ(state(1), State::ask_store);
}

TEST_F(SessionMapTest, DoesNotAskAboutSessionsThatShowTheSamePasswordByAnotherHash) {
  constexpr Fingerprint kFirst{1};
  constexpr Fingerprint kSecond{0x8081fe0027225c02};
  constexpr Fingerprint kThird{0x6f2d1c90ab34ef03};
  insert(1, "7");
  insert(2, "7");
  const auto user = map.find_user(user::UserId("7"));
  user->learn(user::no_roles, kFirst);
  user->note_rehash(kFirst, kSecond);
  user->replace_fingerprint(kFirst, kSecond);
  EXPECT_EQ(user->fingerprint(), kSecond);
  EXPECT_EQ(state(1), State::live);
  user->note_rehash(kSecond, kThird);
  user->replace_fingerprint(kSecond, kThird);
  EXPECT_EQ(state(1), State::live) << "it shows the second since it was used";
  EXPECT_EQ(state(2), State::ask_store) << "two rehashes ago";
  user->learn(user::no_roles, kSecond);
  EXPECT_EQ(state(1), State::ask_store) << "back is another change";
}

TEST_F(SessionMapTest, HoldsAUserInNoMoreMemoryThanItDid) {
  constexpr std::size_t kUsableOfAChunk = 120;  // of malloc: a byte more takes 16
  EXPECT_LE(sizeof(SessionUser), kUsableOfAChunk);
}

TEST_F(SessionMapTest, HasOneObjectForAllSessionsOfAUserAndDropsItWithTheLast) {
  insert(1, "7");
  insert(2, "7");
  EXPECT_EQ(map.find(id(1)).session->user, map.find(id(2)).session->user);
  map.revoke(id(1));
  EXPECT_NE(map.find_user(user::UserId("7")), nullptr);
  map.revoke(id(2));
  EXPECT_EQ(map.find_user(user::UserId("7")), nullptr);
}

TEST_F(SessionMapTest, DropsAUserWhoWasInUseWhenNobodyUsesThemAnyMore) {
  insert(1, "7");
  {
    const auto held = map.find(id(1));
    map.revoke(id(1));
    EXPECT_NE(map.find_user(user::UserId("7")), nullptr);
  }
  map.forget_unused_users();
  EXPECT_EQ(map.find_user(user::UserId("7")), nullptr);
}

TEST_F(SessionMapTest, HasAUserWhoHasAnotherNameNowLookedUpBeforeTheOldNameIsUsedAgain) {
  insert(1, "7");
  const auto user = map.find(id(1)).session->user;
  user->set_checked(clock.now());
  EXPECT_EQ(map.user(user::UserId("7"), "another name")->name, "another name");
  EXPECT_LT(user->checked(), TimePoint());
}

TEST_F(SessionMapTest, LetsTheLongestUnusedMakeRoomWhenItIsFull) {
  SessionMap small(clock, {.lifetimes = kLifetimes, .capacity = 2});
  small.insert(session(small, 1, "1"));
  clock.advance(1s);
  small.insert(session(small, 2, "2"));
  clock.advance(1s);
  ASSERT_EQ(small.find(id(1)).state, State::live);
  std::optional<SessionId> made_room;
  small.insert(session(small, 3, "3"), &made_room);
  EXPECT_EQ(made_room, id(2));
  EXPECT_EQ(small.size(), 2U);
}

TEST_F(SessionMapTest, RestoresInTheOrderOfUseAndTakesNobodysRoom) {
  SessionMap small(clock, {.lifetimes = kLifetimes, .capacity = 3});
  clock.advance(1h);
  auto middle = session(small, 1, "1");
  middle.last_used -= 2min;
  auto oldest = session(small, 2, "2");
  oldest.last_used -= 5min;
  EXPECT_EQ(small.restore(middle), Insertion::done);
  small.insert(session(small, 3, "3"));
  EXPECT_EQ(small.restore(oldest), Insertion::done);
  EXPECT_EQ(small.restore(session(small, 4, "4")), Insertion::full);
  small.settle();
  std::optional<SessionId> made_room;
  small.insert(session(small, 5, "5"), &made_room);
  EXPECT_EQ(made_room, id(2));
  small.insert(session(small, 6, "6"), &made_room);
  EXPECT_EQ(made_room, id(1));
}

TEST_F(SessionMapTest, GivesTheUsesSinceATime) {
  insert(1, "7");
  clock.advance(1s);
  const TimePoint since = clock.now();
  insert(2, "7");
  clock.advance(1s);
  insert(3, "8");
  std::vector<SessionId> ids;
  for (std::size_t shard = 0; shard < map.shards(); ++shard) {
    for (const auto& use : map.used_since(shard, since)) ids.push_back(use.id);
  }
  EXPECT_THAT(ids, testing::UnorderedElementsAre(id(2), id(3)));
}

TEST_F(SessionMapTest, GivesEachUserToCheckOnce) {
  insert(1, "7");
  insert(2, "7");
  insert(3, "8");
  clock.advance(1min);
  ASSERT_EQ(state(1), State::live);
  ASSERT_EQ(state(2), State::live);
  const auto users = map.users_to_check(clock.now() - 30s, clock.now() - 30s);
  ASSERT_EQ(users.size(), 1U) << "8 was not used";
  EXPECT_EQ(users.front()->id, user::UserId("7"));
  EXPECT_EQ(map.users_to_check(clock.now() - 30s, clock.now() - 30s).size(), 1U)
      << "until they are looked up";
  users.front()->set_checked(clock.now());
  EXPECT_TRUE(map.users_to_check(clock.now() - 30s, clock.now() - 30s).empty());
}

TEST_F(SessionMapTest, StandsUpToManyThreads) {
  SessionMap busy(clock, {.lifetimes = kLifetimes, .capacity = 5'000});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2'000; ++i) {
        busy.insert(session(busy, t * 10'000 + i, std::to_string(i % 7)));
        static_cast<void>(busy.find(id(t * 10'000 + i / 2)));
        if (i % 3 == 0) busy.revoke(id(t * 10'000 + i));
        if (i % 100 == 0)
          busy.revoke_user(user::UserId(std::to_string(i % 7)),
                           Epoch{static_cast<std::uint32_t>(i)});
        if (i % 500 == 0) busy.forget_unused_users();
        if (i % 500 == 0) static_cast<void>(busy.users_to_check(clock.now(), clock.now()));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(busy.size(), 5'000U);
}

/// The processor's time of this thread: what others do on the machine does not count.
std::chrono::nanoseconds own_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

TEST_F(SessionMapTest, RevokesAllOfManyUsersWithoutLookingAtEveryTombstoneEachTime) {
  constexpr int kUsers = 10'000;
  const auto revoke_all = [&](std::uint32_t epoch) {
    const auto before = own_time();
    for (int i = 0; i < kUsers; ++i) map.revoke_user(user::UserId(std::to_string(i)), Epoch{epoch});
    return own_time() - before;
  };
  EXPECT_LT(revoke_all(1), 100ms);
  EXPECT_LT(revoke_all(2), 100ms) << "those that are remembered already, once more";
}

TEST_F(SessionMapTest, RemovesTheTombstonesOfUsersInTimeButNoneTooEarly) {
  map.revoke_user(user::UserId("7"), Epoch{1});
  clock.advance(59s);
  map.revoke_user(user::UserId("7"), Epoch{2});
  clock.advance(59s);
  map.revoke_user(user::UserId("8"), Epoch{1});
  auto late = session(map, 1, "7");
  late.epochs.user = Epoch{1};
  EXPECT_NE(map.insert(late), Insertion::done) << "its second ending is 59 s old";
  clock.advance(2s);
  map.revoke_user(user::UserId("8"), Epoch{2});
  EXPECT_EQ(map.insert(late), Insertion::done);
}

}  // namespace
}  // namespace gatehouse::session
