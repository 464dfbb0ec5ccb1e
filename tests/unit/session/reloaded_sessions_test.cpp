/// What the Sessions after a reload know from those before.
#include <gtest/gtest.h>

#include <array>

#include "session/parts.h"
#include "session/sessions.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

const std::string kOldKey(43, 'A');
const std::string kNewKey = std::string(42, 'B') + "A";

KeyRing keys_of(const std::string& text) {
  return *KeyRing::parse(Secret::copy_of(text));
}

/// The sessions of one process, which may go on with what others know.
struct Process {
  Process(const Clock& clock, SessionStore& store, user::UserDirectory& users,
          std::shared_ptr<Memory> memory, const config::Session& settings = {},
          const std::string& keys = kOldKey)
      : parts(settings, 30s, keys_of(keys), clock, store, users, 720h, std::move(memory)),
        sessions(settings, keys_of(keys), parts) {}
  Lookup::State state(const Secret& token, Patience patience = Patience::none) {
    const std::array candidates = {token.view()};
    return sessions.find(candidates, patience).state;
  }
  Result<void> revoke(const Secret& token) {
    const std::array candidates = {token.view()};
    return sessions.revoke(candidates);
  }

  Parts parts;
  Sessions sessions;
};

class ReloadedSessions : public testing::Test {
 protected:
  ReloadedSessions() { users.add("roy", "hash of roy"); }
  Secret log_in(Process& process) {
    auto token = process.sessions.start({users.id_of("roy"), "roy", Secret("hash of roy")}, {},
                                        Kind::browser, {}, {});
    EXPECT_TRUE(token);
    return std::move(*token);
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  Process before{clock, store, users, nullptr};
};

TEST_F(ReloadedSessions, FindThemInMemoryWithoutAskingTheStore) {
  const Secret token = log_in(before);
  Process after(clock, store, users, before.parts.memory);
  store.away = true;
  EXPECT_EQ(after.state(token), Lookup::State::live);
  Process restarted(clock, store, users, nullptr);
  EXPECT_EQ(restarted.state(token), Lookup::State::ask_store);
}

TEST_F(ReloadedSessions, KnowWhatWasRevokedBefore) {
  const Secret token = log_in(before);
  ASSERT_TRUE(before.revoke(token));
  Process after(clock, store, users, before.parts.memory);
  store.away = true;
  EXPECT_EQ(after.state(token), Lookup::State::none);
}

TEST_F(ReloadedSessions, AreRevokedByARequestThatBeganBefore) {
  const Secret token = log_in(before);
  Process after(clock, store, users, before.parts.memory);
  ASSERT_TRUE(before.revoke(token));
  EXPECT_EQ(after.state(token), Lookup::State::none);
}

TEST_F(ReloadedSessions, TellOfRevocationsThatTheOnesBeforeCouldNotTell) {
  const Secret token = log_in(before);
  store.failing_revocations = 1;
  ASSERT_FALSE(before.revoke(token));
  Process after(clock, store, users, before.parts.memory);
  EXPECT_TRUE(after.parts.cache.retry_revocations());
  EXPECT_EQ(store.revoked, 2);
  Process restarted(clock, store, users, nullptr);
  EXPECT_EQ(restarted.state(token, Patience::some), Lookup::State::none);
}

TEST_F(ReloadedSessions, AreStaleIfTheOnesBeforeWere) {
  config::Session settings;
  settings.hosts = config::SessionHosts::several;
  Process host(clock, store, users, nullptr, settings);
  clock.advance(settings.max_stale + 1s);
  Process after(clock, store, users, host.parts.memory, settings);
  EXPECT_TRUE(after.parts.freshness.stale());
}

TEST_F(ReloadedSessions, WriteTheUsesThatTheOnesBeforeDidNot) {
  const Secret token = log_in(before);
  Synchronisation its_sync({}, before.parts);
  ASSERT_TRUE(its_sync.write_uses([] { return true; }));
  const auto written = store.uses_noted.load();
  clock.advance(1s);
  EXPECT_EQ(before.state(token), Lookup::State::live);
  clock.advance(1s);
  Process after(clock, store, users, before.parts.memory);
  Synchronisation sync({}, after.parts);
  ASSERT_TRUE(sync.write_uses([] { return true; }));
  EXPECT_EQ(store.uses_noted, written + 1);
}

TEST_F(ReloadedSessions, GoByOtherLifetimes) {
  const Secret token = log_in(before);
  config::Session settings;
  settings.idle_timeout = 10s;
  Process after(clock, store, users, before.parts.memory, settings);
  clock.advance(11s);
  EXPECT_EQ(after.state(token), Lookup::State::live) << "it is not in force yet";
  after.sessions.take_over(settings);
  clock.advance(11s);
  EXPECT_EQ(after.state(token), Lookup::State::ask_store);
}

TEST_F(ReloadedSessions, LiveOnUnderAKeyThatWasPromoted) {
  const Secret token = log_in(before);
  Process appended(clock, store, users, before.parts.memory, {}, kOldKey + "\n" + kNewKey);
  Process promoted(clock, store, users, before.parts.memory, {}, kNewKey + "\n" + kOldKey);
  EXPECT_EQ(appended.state(token), Lookup::State::live);
  EXPECT_EQ(promoted.state(token, Patience::some), Lookup::State::live);
  const Secret fresh = log_in(promoted);
  EXPECT_EQ(promoted.state(fresh), Lookup::State::live);
  EXPECT_EQ(promoted.state(token, Patience::some), Lookup::State::live)
      << "the fingerprint under another key is no change of the password";
  Process removed(clock, store, users, before.parts.memory, {}, kNewKey);
  EXPECT_EQ(removed.state(fresh, Patience::some), Lookup::State::live);
  EXPECT_EQ(removed.state(token, Patience::some), Lookup::State::none);
}

TEST_F(ReloadedSessions, InMemoryAloneAreNotGivenUpForStrangeKeys) {
  const std::array first = {std::string("a")};
  const std::array both = {std::string("a"), std::string("b")};
  const std::array second = {std::string("b")};
  ASSERT_TRUE(store.claim(first));
  EXPECT_TRUE(store.claim(second)) << "there is no session yet";
  ASSERT_TRUE(store.claim(first));
  const Secret token = log_in(before);
  EXPECT_FALSE(store.claim(second));
  EXPECT_TRUE(store.claim(both));
  EXPECT_TRUE(store.claim(second));
}

}  // namespace
}  // namespace gatehouse::session
