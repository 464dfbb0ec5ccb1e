#include "map_parts_fixture.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

/// A process with a session in each of 64 parts of its map.
class LastUses : public MapPartsTest {
 protected:
  static constexpr std::size_t kSessions = 64;

  LastUses() {
    for (std::size_t i = 0; i < kSessions; ++i) {
      EXPECT_TRUE(store.add({.id = id(i), .user_id = user::UserId("1"), .username = "roy"}, {}));
      insert(id(i));
    }
    clock.advance(1s);
  }
  void use_all() {
    for (std::size_t i = 0; i < kSessions; ++i) {
      EXPECT_EQ(parts.map.find(id(i)).state, Lookup::State::live);
    }
    clock.advance(1s);
  }
  void write_a_round() {
    for (std::size_t i = 0; i < sync.parts(); ++i) write_some();
  }
  void write_some(bool go_on = true) {
    EXPECT_TRUE(sync.write_some_uses([&] { return go_on; }));
  }
  /// Within a tick or two of real time, whatever the clock says.
  [[nodiscard]] bool soon_noted(std::size_t uses) const {
    return test::comes_true_within(3s, [&] { return store.uses_noted >= uses; }) &&
           store.uses_noted == uses;
  }
};

TEST_F(LastUses, AreWrittenOnceInARoundPartByPart) {
  ASSERT_EQ(sync.parts(), kSessions);
  use_all();
  write_some();
  EXPECT_EQ(store.uses_noted, 1U);
  for (std::size_t i = 1; i < sync.parts(); ++i) write_some();
  EXPECT_EQ(store.uses_noted, kSessions);
  write_a_round();
  EXPECT_EQ(store.uses_noted, kSessions) << "none was used since";
  use_all();
  write_a_round();
  EXPECT_EQ(store.uses_noted, 2 * kSessions);
}

TEST_F(LastUses, AreWrittenWhenTheServiceStops) {
  use_all();
  {
    const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  }
  EXPECT_EQ(store.uses_noted, kSessions);
}

TEST_F(LastUses, AreWrittenInTimeHoweverLongATickTook) {
  const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  for (std::size_t i = 1; i <= 2; ++i) {
    use_all();
    bool noted = false;
    // Where the machine stands still for too long, some parts are left to the next round.
    for (int round = 0; round < 3 && !noted; ++round) {
      clock.advance(30s);
      noted = soon_noted(i * kSessions);
    }
    EXPECT_TRUE(noted) << "uses of round " << i;
  }
}

TEST_F(LastUses, ThatCouldNotBeWrittenAreWrittenInTheNextRound) {
  use_all();
  store.away = true;
  EXPECT_FALSE(sync.write_uses([] { return true; }));
  store.away = false;
  clock.advance(1s);
  write_a_round();
  EXPECT_EQ(store.uses_noted, kSessions);
}

/// The first part has more sessions than are written at once.
TEST_F(LastUses, AreWrittenFromWhereTheTimeEnded) {
  constexpr std::size_t kMore = 1100;
  write_a_round();
  clock.advance(1s);
  for (std::size_t i = 1; i <= kMore; ++i) insert(id(0, i));
  clock.advance(1s);
  const std::size_t before = store.uses_noted;
  write_some(false);
  EXPECT_EQ(store.uses_noted - before, 500U);
  clock.advance(1s);
  write_some(false);
  EXPECT_EQ(store.uses_noted - before, 1000U);
  write_some(false);
  EXPECT_EQ(store.uses_noted - before, kMore) << "without the one that was not used since";
  for (std::size_t i = 0; i < sync.parts(); ++i) write_some(false);
  EXPECT_EQ(store.uses_noted - before, kMore) << "the first part is known to be written";
}

TEST_F(LastUses, AreWrittenEveryTwentiethOfTheShorterIdleTime) {
  config::Session session;
  const auto interval = [&session] {
    return Synchronisation::settings_of(session, 30s).write_interval;
  };
  session.idle_timeout = 10min;
  EXPECT_EQ(interval(), 30s);
  session.idle_timeout = 3min;
  EXPECT_EQ(interval(), 9s);
  session.idle_timeout = 10s;
  EXPECT_EQ(interval(), 1s);
  session.idle_timeout = 24h;
  EXPECT_EQ(interval(), 30s);
}

}  // namespace
}  // namespace gatehouse::session
