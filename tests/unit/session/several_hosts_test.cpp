/// Sessions of one user on two hosts: under several names, with requests that cross each other, and
/// right after the boot.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "session/sync/synchronisation.h"
#include "support/fakes/session_parts.h"
#include "support/log_capture.h"
#include "support/roles.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
/// Counts what it is asked, and does something between its reading and its answer.
class MeddlingStore final : public MemorySessionStore {
 public:
  using MemorySessionStore::MemorySessionStore;
  Result<std::optional<StoredSession>> find(const SessionId& id) override {
    ++finds;
    auto found = MemorySessionStore::find(id);
    if (after_find) after_find();
    return found;
  }
  Result<Begun> add(const StoredSession& session, const Origin& origin) override {
    return MemorySessionStore::add(session, origin).map([this](Begun begun) {
      begun.others = others;
      return begun;
    });
  }
  Result<std::vector<ListedSession>> list(const user::UserId& id) override {
    ++lists;
    return MemorySessionStore::list(id);
  }
  Result<Revocations> revocations(microseconds window) override {
    auto revocations = MemorySessionStore::revocations(window);
    if (revocations)
      revocations->users.insert(revocations->users.end(), changed.begin(), changed.end());
    return revocations;
  }

  std::function<void()> after_find;
  std::vector<UserRevocation> changed;  ///< reported by each poll beside what was really revoked
  int finds = 0;
  std::optional<std::size_t> others;  ///< what each login counts
  int lists = 0;
};

class TwoHosts : public testing::Test {
 protected:
  using State = Lookup::State;

  TwoHosts() {
    users.add("roy", "hash");
    parts = std::make_unique<test::SessionParts>(clock, store, users);
    other = std::make_unique<test::SessionParts>(clock, store, users);
  }

  /// A login whose row has that spelling of the name.
  Secret start(const std::string& name = "roy") {
    auto token = parts->sessions.start({user::UserId("1"), name, Secret(std::string("hash"))}, {},
                                       Kind::browser, {}, {});
    EXPECT_TRUE(token);
    return std::move(*token);
  }
  static Lookup find(test::SessionParts& in, const Secret& token, Patience patience) {
    const std::array candidates = {token.view()};
    return in.sessions.find(candidates, patience);
  }
  State state(const Secret& token, Patience patience = Patience::some) {
    return find(*parts, token, patience).state;
  }
  Session current(const Secret& token) { return *find(*parts, token, Patience::none).session; }
  /// The only session of the store comes into the map of `in`, as after a start.
  static void restore(test::SessionParts& in, const SessionUserPtr& user) {
    const auto stored = in.store.list(user::UserId("1"))->front().session;
    in.map.restore({.id = stored.id,
                    .user = user,
                    .kind = stored.kind,
                    .created = in.clock.now() - stored.since_login,
                    .last_used = in.clock.now() - stored.since_use,
                    .fingerprint = stored.fingerprint,
                    .epochs = stored.epochs});
  }
  /// "Log out everywhere" on this host, and the poll of the other that learns of it.
  void revoke_others_of(const Session& kept) {
    EXPECT_TRUE(*parts->sessions.revoke_others(kept));
    Synchronisation poller({}, *other);
    EXPECT_TRUE(poller.poll());
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  MeddlingStore store{clock, lifetimes_of({})};
  std::unique_ptr<test::SessionParts> parts;
  std::unique_ptr<test::SessionParts> other;  ///< another host
};
using SpellingsOfAName = TwoHosts;
using SessionThatRevokesAllOthers = TwoHosts;
using RevokedSession = TwoHosts;
using MemoryStore = TwoHosts;
using SessionsOverTheLimitOfTheirUser = TwoHosts;

/// A lookup has the user's object in its hands while another login of theirs finds the row
/// re-spelled.
TEST_F(SpellingsOfAName, AreAllFoundWhenAllSessionsOfTheUserAreRevoked) {
  const Secret token = start();
  const auto old = other->map.user(user::UserId("1"), "roy");
  const auto fresh = other->map.user(user::UserId("1"), "Roy");
  restore(*other, old);
  other->cache.check(old);
  ASSERT_EQ(find(*other, token, Patience::none).state, State::live);
  revoke_others_of(current(start()));
  EXPECT_EQ(find(*other, token, Patience::none).state, State::ask_store);
  EXPECT_EQ(find(*other, token, Patience::some).state, State::none);
}

TEST_F(SpellingsOfAName, AreAllReachedByAChangeOfTheRoles) {
  const Secret token = start();
  const auto old = other->map.user(user::UserId("1"), "roy");
  const auto fresh = other->map.user(user::UserId("1"), "Roy");
  restore(*other, old);
  other->cache.check(old);
  users.set_standing(user::UserId("1"),
                     {.disabled = false, .roles = test::roles_named({"editor"})});
  store.changed = {{user::UserId("1"), Epoch{}, 1}};
  Synchronisation poller({}, *other);
  EXPECT_TRUE(poller.poll());
  const auto found = find(*other, token, Patience::some);
  ASSERT_EQ(found.state, State::live);
  EXPECT_EQ(found.session->user->roles(), test::roles_named({"editor"}));
}

TEST_F(SpellingsOfAName, DoNotDriveEachOtherOut) {
  const Secret old = start("roy");
  const Secret fresh = start("Roy");
  EXPECT_EQ(state(old, Patience::none), State::ask_store) << "the row may be another's by now";
  EXPECT_EQ(state(old), State::live);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(state(old, Patience::none), State::live);
    EXPECT_EQ(state(fresh, Patience::none), State::live);
  }
  EXPECT_EQ(store.finds, 0);
}

TEST_F(SessionThatRevokesAllOthers, IsFoundByALookupThatThisCrosses) {
  const Secret token = start();
  store.after_find = [&, kept = current(token), once = true]() mutable {
    if (std::exchange(once, false)) revoke_others_of(kept);
  };
  EXPECT_EQ(find(*other, token, Patience::some).state, State::live);
}

TEST_F(SessionThatRevokesAllOthers, IsNotTakenForRevokedHoweverOftenThisCrossesItsLookup) {
  const Secret token = start();
  store.after_find = [&, kept = current(token)] { revoke_others_of(kept); };
  EXPECT_EQ(find(*other, token, Patience::some).state, State::unavailable);
  store.after_find = nullptr;
  EXPECT_EQ(find(*other, token, Patience::some).state, State::live);
}

TEST_F(RevokedSession, IsNotFoundByALookupThatTheRevocationCrosses) {
  const Secret token = start();
  const Secret second = start();
  store.after_find = [&, kept = current(second), once = true]() mutable {
    if (std::exchange(once, false)) revoke_others_of(kept);
  };
  EXPECT_EQ(find(*other, token, Patience::some).state, State::none);
}

/// The clock counts from the boot of the host.
class SessionsAfterBoot : public TwoHosts {
 protected:
  SessionsAfterBoot() { clock.advance(5s - (clock.now() - TimePoint())); }
};

TEST_F(SessionsAfterBoot, AreAskedAboutOnceThoughTheHostHasJustBooted) {
  const Secret token = start();
  restore(*other, other->map.user(user::UserId("1"), "roy"));
  EXPECT_EQ(find(*other, token, Patience::none).state, State::ask_store);
  users.set_hash("roy", "another");
  EXPECT_EQ(find(*other, token, Patience::some).state, State::none);
}

TEST_F(SessionsAfterBoot, OfUsersThatNobodyLookedUpAreCheckedInTheirTurn) {
  static_cast<void>(start());
  restore(*other, other->map.user(user::UserId("1"), "roy"));
  Synchronisation sync({}, *other);
  sync.check_users([] { return true; });
  EXPECT_TRUE(other->map.find_user(user::UserId("1"))->known());
}

TEST_F(MemoryStore, GivesTheRevocationsWithinTheWindowAndNoOthers) {
  static_cast<void>(start());
  ASSERT_TRUE(store.revoke_user(user::UserId("1"), {}));
  clock.advance(20s);
  ASSERT_TRUE(store.revoke_user(user::UserId("2"), {}));
  clock.advance(11s);
  const auto revocations = store.revocations(30s);
  ASSERT_EQ(revocations->users.size(), 1U);
  EXPECT_EQ(revocations->users.front().id, user::UserId("2"));
  ASSERT_TRUE(store.revoke_user(user::UserId("1"), {}));
  EXPECT_EQ(store.revocations(30s)->users.size(), 2U) << "revoked once more";
  ASSERT_TRUE(store.revoke_user(user::UserId("1"), {}));
  EXPECT_EQ(store.revocations(30s)->users.size(), 2U) << "each user once";
  clock.advance(1h);
  EXPECT_TRUE(store.revocations(30s)->users.empty());
  StoredSession late{};
  late.user_id = user::UserId("1");
  EXPECT_EQ(store.add(late, {})->epochs.user, Epoch{3}) << "how often is never forgotten";
}

TEST_F(SessionsOverTheLimitOfTheirUser, AreRevokedWithALineInTheLog) {
  config::Session settings;
  settings.max_per_user = 2;
  test::SessionParts few(clock, store, users, settings);
  const user::User roy{user::UserId("1"), "roy", Secret(std::string("hash"))};
  const test::LogCapture log;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(few.sessions.start(roy, {}, Kind::browser, {}, {}));
  }
  EXPECT_EQ(log.count("session.max_per_user"), 0U);
  ASSERT_TRUE(few.sessions.start(roy, {}, Kind::browser, {}, {}));
  EXPECT_EQ(log.count("user id \"1\": revoked 1 of"), 1U);
  EXPECT_EQ(log.count("session.max_per_user"), 1U);
  settings.max_per_user = 1;
  test::SessionParts fewer(clock, store, users, settings);
  ASSERT_TRUE(fewer.sessions.start(roy, {}, Kind::browser, {}, {}));
  EXPECT_EQ(log.count("user id \"1\": revoked 2 of"), 1U);
}

TEST_F(SessionsOverTheLimitOfTheirUser, AreLookedForOnlyNearToTheLimit) {
  config::Session settings;
  settings.max_per_user = 10;
  test::SessionParts counted(clock, store, users, settings);
  const user::User roy{user::UserId("1"), "roy", Secret(std::string("hash"))};
  for (store.others = 0; *store.others < 4; ++*store.others) {
    ASSERT_TRUE(counted.sessions.start(roy, {}, Kind::browser, {}, {}));
  }
  EXPECT_EQ(store.lists, 0);
  ASSERT_TRUE(counted.sessions.start(roy, {}, Kind::browser, {}, {}));
  EXPECT_EQ(store.lists, 1) << "logins of this moment may be missing in the count";
  store.others = 0;
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(counted.sessions.start(roy, {}, Kind::browser, {}, {}));
  store.others = 9;
  ASSERT_TRUE(counted.sessions.start(roy, {}, Kind::browser, {}, {}));
  EXPECT_EQ(store.list(roy.id).value().size(), 10U);
}

}  // namespace
}  // namespace gatehouse::session
