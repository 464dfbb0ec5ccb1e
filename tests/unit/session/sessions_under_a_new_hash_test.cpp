/// What a new hash in the row of their user does to sessions.
#include <gtest/gtest.h>

#include <array>

#include "session/sessions.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

class SessionsUnderANewHash : public testing::Test {
 protected:
  SessionsUnderANewHash() { users.add("roy", "hash of roy"); }

  static Secret secret(std::string text) { return Secret(std::move(text)); }
  static user::User roy(std::string hash = "hash of roy") {
    return {user::UserId("1"), "roy", secret(std::move(hash))};
  }
  Secret start() {
    auto token = parts.sessions.start(roy(), {}, Kind::browser, {}, {});
    EXPECT_TRUE(token);
    return std::move(*token);
  }
  Lookup find(const Secret& token, Patience patience) {
    const std::array candidates = {token.view()};
    return parts.sessions.find(candidates, patience);
  }
  bool live(const Secret& token, Patience patience = Patience::some) {
    return find(token, patience).state == Lookup::State::live;
  }
  void look_up() { parts.cache.check(parts.map.find_user(user::UserId("1"))); }
  /// Of the same password.
  void rehash(const std::string& fresh) {
    ASSERT_TRUE(parts.cache.before_change(roy(), secret(fresh)));
    users.set_hash("roy", fresh);
    parts.cache.after_change(roy(), secret(fresh));
  }
  void let_the_database_go_away() {
    store.away = true;
    users.fail_with(Error{Error::Kind::unavailable, "away"});
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
};

TEST_F(SessionsUnderANewHash, NeedNotBeAskedAboutWhereItIsOfTheSamePassword) {
  const Secret token = start();
  const Secret idle = start();
  rehash("stronger");
  let_the_database_go_away();
  for (const Secret* one : {&token, &idle, &token}) {
    EXPECT_TRUE(live(*one, Patience::none));
  }
  EXPECT_EQ(store.finds, 0);
}

TEST_F(SessionsUnderANewHash, NeedNotBeAskedAboutWhereTheUserIsLookedUpBeforeTheRehashIsOver) {
  const Secret token = start();
  ASSERT_TRUE(parts.cache.before_change(roy(), secret("stronger")));
  users.set_hash("roy", "stronger");
  look_up();
  let_the_database_go_away();
  EXPECT_TRUE(live(token, Patience::none));
  parts.cache.after_change(roy(), secret("stronger"));
  EXPECT_TRUE(live(token, Patience::none));
}

TEST_F(SessionsUnderANewHash, NeedNotBeAskedAboutAfterTwoLoginsThatRehashAtOnce) {
  const Secret token = start();
  const Secret first = secret("stronger");
  ASSERT_TRUE(parts.cache.before_change(roy(), first));
  ASSERT_TRUE(parts.cache.before_change(roy(), secret("too late")));
  users.set_hash("roy", "stronger");
  parts.cache.after_change(roy(), first);
  // The second one follows the first.
  ASSERT_TRUE(parts.cache.before_change(roy(), first));
  parts.cache.after_change(roy(), first);
  let_the_database_go_away();
  EXPECT_TRUE(live(token, Patience::none));
}

TEST_F(SessionsUnderANewHash, DoNotBeginWithALoginThatReadTheRowBeforeAnotherPasswordCame) {
  const Secret before = start();
  users.set_hash("roy", "another");
  look_up();
  const Secret late = start();
  EXPECT_FALSE(live(late));
  EXPECT_FALSE(live(before));
}

TEST_F(SessionsUnderANewHash, AreRevokedByAnotherPasswordThatComesAfterARehash) {
  const Secret used = start();
  const Secret idle = start();
  rehash("stronger");
  EXPECT_TRUE(live(used, Patience::none));
  users.set_hash("roy", "another");
  look_up();
  EXPECT_FALSE(live(used));
  EXPECT_FALSE(live(idle));
}

TEST_F(SessionsUnderANewHash, AreRevokedByAnotherPasswordThatIsLearntWhileARehashIsUnderWay) {
  const Secret token = start();
  ASSERT_TRUE(parts.cache.before_change(roy(), secret("stronger")));
  users.set_hash("roy", "another");
  look_up();
  parts.cache.after_change(roy(), secret("stronger"));
  EXPECT_FALSE(live(token));
}

TEST_F(SessionsUnderANewHash, AreRevokedByAChangeOfThePasswordButForItsOwn) {
  const Secret other_one = start();
  const Secret own = start();
  rehash("stronger");
  auto change = parts.sessions.password_change(*find(own, Patience::some).session);
  const user::User before = roy("stronger");
  const Secret hash = secret("of another password");
  ASSERT_TRUE(change.before_change(before, hash));
  EXPECT_TRUE(live(other_one)) << "it is not changed yet";
  users.set_hash("roy", "of another password");
  change.after_change(before, hash);
  EXPECT_FALSE(live(other_one));
  EXPECT_TRUE(live(own));
}

}  // namespace
}  // namespace gatehouse::session
