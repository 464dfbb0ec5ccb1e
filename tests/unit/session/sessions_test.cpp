#include "session/sessions.h"

#include <gtest/gtest.h>

#include <array>

#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/roles.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHash = "hash of roy";

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { users.add("roy", kHash); }

  static user::User roy() { return {user::UserId("1"), "roy", Secret(std::string(kHash))}; }
  Secret start(std::span<const std::string_view> candidates = {}, Kind kind = Kind::browser) {
    auto token = parts.sessions.start(roy(), {}, kind, {}, candidates);
    EXPECT_TRUE(token);
    return std::move(*token);
  }
  static Lookup::State find(test::SessionParts& in, const Secret& token, Patience patience) {
    const std::array candidates = {token.view()};
    return in.sessions.find(candidates, patience).state;
  }
  bool live(const Secret& token) {
    return find(parts, token, Patience::some) == Lookup::State::live;
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::SessionParts other{clock, store, users};  ///< another host, or the process after this one
};

TEST_F(SessionsTest, FindTheirUserByTheToken) {
  const Secret token = start();
  const std::array<std::string_view, 3> candidates = {"nonsense", token.view(), token.view()};
  const auto found = parts.sessions.find(candidates, Patience::none);
  ASSERT_EQ(found.state, Lookup::State::live);
  EXPECT_EQ(found.session->user->name, "roy");
  EXPECT_EQ(store.finds, 0);
}

TEST_F(SessionsTest, DoNotChooseBetweenTwoLiveOnes) {
  const Secret first = start();
  const Secret second = start();
  const std::array candidates = {first.view(), second.view()};
  EXPECT_EQ(parts.sessions.find(candidates, Patience::some).state, Lookup::State::none);
}

TEST_F(SessionsTest, OfInventedTokensAreLookedForNeitherInTheMapNorInTheStore) {
  std::string token(start().view());
  token.front() = token.front() == 'A' ? 'B' : 'A';
  const Secret invented(std::move(token));
  EXPECT_EQ(find(parts, invented, Patience::none), Lookup::State::none)
      << "the map does not know it, and would say ask_store";
  EXPECT_EQ(find(parts, invented, Patience::some), Lookup::State::none);
  EXPECT_EQ(store.finds, 0);
}

TEST_F(SessionsTest, RevokeTheOneThatTheBrowserBroughtToALogin) {
  const Secret first = start();
  const std::array candidates = {first.view()};
  const Secret second = start(candidates);
  EXPECT_FALSE(live(first));
  EXPECT_TRUE(live(second));
}

TEST_F(SessionsTest, RevokeEveryGenuineTokenAtLogoutAndNoOther) {
  const Secret first = start();
  const Secret second = start();
  const std::array<std::string_view, 3> candidates = {first.view(), "invented", second.view()};
  EXPECT_TRUE(parts.sessions.revoke(candidates));
  EXPECT_EQ(store.revoked, 2);
  EXPECT_FALSE(live(first));
  EXPECT_FALSE(live(second));
}

TEST_F(SessionsTest, BeginNothingThatTheStoreDidNotTake) {
  store.away = true;
  EXPECT_FALSE(parts.sessions.start(roy(), {}, Kind::browser, {}, {}));
  EXPECT_EQ(parts.sessions.count(), 0U);
}

TEST_F(SessionsTest, AreRefusedHereEvenWhenTheStoreCannotNoteTheLogout) {
  const Secret token = start();
  const std::array candidates = {token.view()};
  store.away = true;
  EXPECT_FALSE(parts.sessions.revoke(candidates));
  store.away = false;
  EXPECT_FALSE(live(token));
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::live) << "the store was not told";
  parts.cache.retry_revocations();
  EXPECT_TRUE(store.list(user::UserId("1"))->empty());
}

TEST_F(SessionsTest, GoOnTellingTheStoreOfALogoutUntilItNotesIt) {
  const Secret token = start();
  const std::array candidates = {token.view()};
  store.away = true;
  EXPECT_FALSE(parts.sessions.revoke(candidates));
  parts.cache.retry_revocations();
  clock.advance(1h);
  EXPECT_FALSE(live(token));
  store.away = false;
  parts.cache.retry_revocations();
  const int told = store.revoked;
  parts.cache.retry_revocations();
  EXPECT_EQ(store.revoked, told) << "once it is noted, no more";
}

TEST_F(SessionsTest, OfAnotherProcessAreAskedForWithPatienceOnly) {
  const Secret token = start();
  EXPECT_EQ(find(other, token, Patience::none), Lookup::State::ask_store);
  EXPECT_EQ(store.finds, 0);
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::live);
  EXPECT_EQ(find(other, token, Patience::none), Lookup::State::live) << "it is in the map now";
  EXPECT_EQ(store.finds, 1);
}

TEST_F(SessionsTest, ThatCannotBeAskedForAreUnavailableAndNotOver) {
  const Secret token = start();
  store.away = true;
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::unavailable);
  EXPECT_TRUE(live(token)) << "those in the map go on";
  store.away = false;
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::unavailable);
  users.fail_with({});
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::live);
}

TEST_F(SessionsTest, ThatAreOverCostTheStoreOneQuestionInFiveSeconds) {
  const Secret token = start();
  const std::array candidates = {token.view()};
  ASSERT_TRUE(parts.sessions.revoke(candidates));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(find(other, token, Patience::some), Lookup::State::none);
  }
  EXPECT_EQ(store.finds, 1);
  clock.advance(5s);
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::none);
  EXPECT_EQ(store.finds, 2);
}

TEST_F(SessionsTest, AreRevokedWithThePasswordThatTheyWereBegunUnder) {
  const Secret token = start();
  users.set_hash("roy", "another");
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::none);
  EXPECT_TRUE(live(token)) << "until the user is looked up again";
  parts.cache.check(parts.map.find_user(user::UserId("1")));
  EXPECT_FALSE(live(token));
}

TEST_F(SessionsTest, ThatWereIdleAreNotJudgedByWhatWasOnceKnownOfTheirUser) {
  const Secret token = start();
  const Secret disabled = start();
  clock.advance(30s);
  EXPECT_EQ(find(parts, token, Patience::none), Lookup::State::live);
  users.set_hash("roy", "another");
  clock.advance(1s);
  EXPECT_EQ(find(parts, token, Patience::none), Lookup::State::ask_store);
  EXPECT_EQ(find(parts, token, Patience::some), Lookup::State::none);
}

TEST_F(SessionsTest, AskForTheirUserOnceInMaxAge) {
  const Secret token = start();
  clock.advance(31s);
  const auto before = users.lookups();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(live(token));
  EXPECT_EQ(users.lookups(), before + 1);
}

TEST_F(SessionsTest, GoOnByWhatIsKnownWhileTheDatabaseIsAway) {
  const Secret token = start();
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  store.away = true;
  clock.advance(31s);
  EXPECT_TRUE(live(token));
  EXPECT_EQ(find(parts, token, Patience::none), Lookup::State::live) << "not each request asks";
  users.fail_with({});
  users.set_standing(user::UserId("1"), {.disabled = true, .roles = {}});
  clock.advance(31s);
  EXPECT_FALSE(live(token)) << "but as soon as it answers";
}

TEST_F(SessionsTest, GoOnUnderOurOwnNewHashOfTheSamePassword) {
  const Secret token = start();
  const Secret hash(std::string("stronger"));
  ASSERT_TRUE(parts.cache.before_change(roy(), hash));
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::live) << "before it is written";
  users.set_hash("roy", "stronger");
  other.map.forget_unused_users();
  other.cache.check(other.map.find_user(user::UserId("1")));
  EXPECT_EQ(find(other, token, Patience::some), Lookup::State::live) << "between the two";
  parts.cache.after_change(roy(), hash);
  EXPECT_TRUE(live(token));
  parts.cache.check(parts.map.find_user(user::UserId("1")));
  EXPECT_TRUE(live(token));
  users.set_hash("roy", std::string(kHash));
  parts.cache.check(parts.map.find_user(user::UserId("1")));
  EXPECT_FALSE(live(token)) << "the old hash is another password's again";
}

TEST_F(SessionsTest, AreRevokedWhenTheirUserIsDisabledOrGone) {
  const Secret token = start();
  users.set_standing(user::UserId("1"), {.disabled = true, .roles = {}});
  parts.cache.check(parts.map.find_user(user::UserId("1")));
  EXPECT_FALSE(live(token));
  users.set_standing(user::UserId("1"), {});
  EXPECT_FALSE(live(token)) << "for good";
  const Secret second = start();
  users.remove("roy");
  parts.cache.check(parts.map.find_user(user::UserId("1")));
  EXPECT_FALSE(live(second));
}

TEST_F(SessionsTest, KnowTheRolesOfTheirUserBeforeTheyAreAskedForThem) {
  users.set_standing(user::UserId("1"), {.disabled = false, .roles = test::roles_named({"admin"})});
  const Secret token = start();
  other.map.restore({.id = store.list(user::UserId("1"))->front().session.id,
                     .user = other.map.user(user::UserId("1"), "roy"),
                     .kind = Kind::browser,
                     .created = clock.now(),
                     .last_used = clock.now(),
                     .fingerprint = store.list(user::UserId("1"))->front().session.fingerprint,
                     .epochs = {}});
  const std::array candidates = {token.view()};
  EXPECT_EQ(other.sessions.find_known(candidates, Patience::none).state, Lookup::State::ask_store);
  const auto found = other.sessions.find_known(candidates, Patience::some);
  ASSERT_EQ(found.state, Lookup::State::live);
  EXPECT_EQ(found.session->user->roles(), test::roles_named({"admin"}));
  EXPECT_EQ(other.sessions.find_known(candidates, Patience::none).state, Lookup::State::live);
}

TEST_F(SessionsTest, OfOneUserAreBounded) {
  for (const std::size_t limit : {1U, 2U, 3U, 10U}) {
    config::Session settings;
    settings.max_per_user = limit;
    test::SessionParts few(clock, store, users, settings);
    std::vector<Secret> tokens;
    for (std::size_t i = 0; i < limit + 2; ++i) {
      tokens.push_back(*few.sessions.start(roy(), {}, Kind::browser, {}, {}));
      clock.advance(1s);
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      EXPECT_EQ(find(few, tokens[i], Patience::some),
                i < 2 ? Lookup::State::none : Lookup::State::live)
          << i << " of " << limit;
    }
  }
}

TEST_F(SessionsTest, AreListedAndRevokedByTheirHandles) {
  const Secret token = start();
  clock.advance(1s);
  const Secret second = start();
  const std::array candidates = {second.view()};
  const auto current = *parts.sessions.find(candidates, Patience::none).session;
  const auto list = parts.sessions.list(current);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_TRUE(list->at(0).current);
  EXPECT_FALSE(list->at(1).current);
  EXPECT_EQ(list->at(1).since_login, 1s);
  EXPECT_FALSE(*parts.sessions.revoke_one(current, "nonsense"));
  EXPECT_TRUE(*parts.sessions.revoke_one(current, list->at(1).handle));
  EXPECT_FALSE(live(token));
  EXPECT_TRUE(live(second));
}

TEST_F(SessionsTest, ThatAreRefusedAreNotListed) {
  start();
  users.set_hash("roy", "another");
  const user::User roy_now{user::UserId("1"), "roy", Secret(std::string("another"))};
  const auto token = parts.sessions.start(roy_now, {}, Kind::browser, {}, {});
  const std::array candidates = {token->view()};
  const auto list = parts.sessions.list(*parts.sessions.find(candidates, Patience::none).session);
  ASSERT_EQ(list->size(), 1U);
  EXPECT_TRUE(list->front().current);
}

TEST_F(SessionsTest, OfOthersHaveNoHandleForAUser) {
  users.add("ann", "hash of ann");
  auto anns = parts.sessions.start({user::UserId("2"), "ann", Secret(std::string("hash of ann"))},
                                   {}, Kind::browser, {}, {});
  ASSERT_TRUE(anns);
  const std::array anns_candidates = {anns->view()};
  const auto handle =
      parts.sessions.list(*parts.sessions.find(anns_candidates, Patience::none).session)
          ->front()
          .handle;
  const Secret token = start();
  const std::array candidates = {token.view()};
  const auto current = *parts.sessions.find(candidates, Patience::none).session;
  EXPECT_FALSE(*parts.sessions.revoke_one(current, handle));
  EXPECT_TRUE(live(*anns));
}

TEST_F(SessionsTest, RevokeAllOthersOfTheirUserOnly) {
  const Secret first = start();
  const Secret second = start();
  const std::array candidates = {second.view()};
  const auto current = *parts.sessions.find(candidates, Patience::none).session;
  EXPECT_TRUE(*parts.sessions.revoke_others(current));
  EXPECT_FALSE(live(first));
  EXPECT_TRUE(live(second));
  const std::array both = {first.view(), second.view()};
  ASSERT_TRUE(parts.sessions.revoke(both));
  EXPECT_FALSE(*parts.sessions.revoke_others(current)) << "it has ended itself";
}

TEST_F(SessionsTest, AreUnavailableWhileItIsNotKnownWhatWasRevokedElsewhere) {
  config::Session settings;
  settings.hosts = config::SessionHosts::several;
  settings.max_stale = 60s;
  test::SessionParts one_of_several(clock, store, users, settings);
  const Secret token = start();
  EXPECT_EQ(find(one_of_several, token, Patience::some), Lookup::State::live);
  clock.advance(61s);
  EXPECT_EQ(find(one_of_several, token, Patience::some), Lookup::State::unavailable);
  EXPECT_TRUE(live(token)) << "one host alone ends its sessions itself";
  one_of_several.freshness.note(clock.now());
  EXPECT_EQ(find(one_of_several, token, Patience::some), Lookup::State::live);
}

}  // namespace
}  // namespace gatehouse::session
