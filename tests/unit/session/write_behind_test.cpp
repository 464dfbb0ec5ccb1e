#include <gtest/gtest.h>

#include <chrono>

#include "session/sync/sync_threads.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

/// A process with a session in each of 64 parts of its map.
class LastUses : public testing::Test {
 protected:
  static constexpr std::size_t kSessions = 64;

  static SessionId id(std::size_t number) {
    SessionId id;
    id.bytes.back() = static_cast<char>(number);
    return id;
  }
  LastUses() {
    const auto user = parts.map.user(user::UserId("1"), "roy");
    user->learn(user::no_roles, Fingerprint{1});
    for (std::size_t i = 0; i < kSessions; ++i) {
      static_cast<void>(parts.map.insert({.id = id(i),
                                          .user = user,
                                          .kind = Kind::browser,
                                          .created = clock.now(),
                                          .last_used = clock.now(),
                                          .fingerprint = Fingerprint{1},
                                          .epochs = {}}));
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
    for (std::size_t i = 0; i < sync.parts(); ++i) EXPECT_TRUE(sync.write_some_uses());
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
};

TEST_F(LastUses, AreWrittenOnceInARoundPartByPart) {
  ASSERT_EQ(sync.parts(), kSessions);
  use_all();
  EXPECT_TRUE(sync.write_some_uses());
  EXPECT_EQ(store.uses_noted, 1U);
  for (std::size_t i = 1; i < sync.parts(); ++i) EXPECT_TRUE(sync.write_some_uses());
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
