/// What every SessionStore does with time and use, and with changes of passwords.
#include "contract/session_store_fixture.h"

using namespace std::chrono_literals;
using gatehouse::session::Fingerprint;
using gatehouse::session::HashChange;
using gatehouse::session::Kind;
using gatehouse::session::microseconds;
using gatehouse::session::StoredSession;
using gatehouse::session::StoredUse;
using gatehouse::test::kLate;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::session_id;
using gatehouse::test::stored_session;
using gatehouse::user::UserId;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

class SessionStoreTimesTest : public gatehouse::test::SessionStoreTest {};

TEST_P(SessionStoreTimesTest, ListsTheLastUsedFirst) {
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) {
    add(number);
    let_pass(1min);
  }
  add(5, "8");
  use(2);
  ASSERT_TRUE(store().revoke(session_id(3)));
  EXPECT_THAT(listed("7"), ElementsAre(session_id(2), session_id(4), session_id(1)));
  EXPECT_THAT(listed("8"), ElementsAre(session_id(5)));
  EXPECT_THAT(listed("9"), IsEmpty());
  EXPECT_THAT(all_listed(),
              UnorderedElementsAre(session_id(1), session_id(2), session_id(4), session_id(5)));
}

TEST_P(SessionStoreTimesTest, LetsAnIdleSessionExpire) {
  StoredSession remembered = stored_session(2);
  remembered.kind = Kind::persistent;
  add(1);
  add(remembered);
  let_pass(kTestLifetimes.browser.idle - kLate);
  EXPECT_TRUE(lives(1));
  use(1);
  let_pass(kTestLifetimes.browser.idle - kLate);
  EXPECT_TRUE(lives(1)) << "it was used";
  let_pass(kLate + 1us);
  EXPECT_FALSE(lives(1));
  use(1);
  EXPECT_TRUE(lives(2));
  let_pass(kTestLifetimes.persistent.idle - 2 * kTestLifetimes.browser.idle);
  EXPECT_TRUE(lives(2));
  let_pass(2 * kTestLifetimes.browser.idle);
  EXPECT_FALSE(lives(2));
}

/// Its uses are written late. Its row is read again as soon as it has revoked the others.
TEST_P(SessionStoreTimesTest, TakesTheSessionThatRevokesAllOthersForUsed) {
  add(1);
  let_pass(kTestLifetimes.browser.idle - kLate);
  EXPECT_EQ(revoke_user("7", session_id(1)), 1U);
  let_pass(kTestLifetimes.browser.idle - kLate);
  EXPECT_TRUE(lives(1));
}

TEST_P(SessionStoreTimesTest, DoesNotTakeExpiredForRevoked) {
  add(1);
  let_pass(kTestLifetimes.browser.idle + 1s);
  EXPECT_FALSE(lives(1));
  EXPECT_THAT(store().not_revoked(std::vector{session_id(1)}).value(), ElementsAre(session_id(1)));
}

TEST_P(SessionStoreTimesTest, LetsAnOldSessionExpireHoweverOftenItWasUsed) {
  StoredSession remembered = stored_session(2);
  remembered.kind = Kind::persistent;
  add(1);
  add(remembered);
  for (auto age = 0h; age < 12h; age += 1h) {
    EXPECT_TRUE(lives(1)) << age.count();
    let_pass(20min);
    use(1);
    let_pass(20min);
    use(1);
    let_pass(20min);
    use(1);
  }
  EXPECT_FALSE(lives(1));
  for (int days = 1; days <= 30; ++days) {
    EXPECT_TRUE(lives(2)) << days;
    let_pass(days == 30 ? 12h : 24h);
    use(2);
  }
  EXPECT_FALSE(lives(2));
}

TEST_P(SessionStoreTimesTest, NotesUsesOfAnyNumberAtATime) {
  for (const std::size_t count : {1U, 4U, 5U, 49U, 50U, 500U, 1234U}) {
    std::vector<StoredUse> uses;
    for (std::uint64_t number = 0; number < count; ++number) {
      if (number % 5 == 0) add(number);
      uses.push_back({session_id(number), microseconds(1min + number * 1ms)});
    }
    let_pass(10min);
    ASSERT_TRUE(store().note_uses(uses)) << count;
    for (std::uint64_t number = 0; number < count; number += 5) {
      const auto found = find(number);
      ASSERT_TRUE(found) << number;
      EXPECT_GE(found->since_use, uses[number].ago) << number;
      EXPECT_LT(found->since_use, uses[number].ago + kLate) << number;
      EXPECT_GE(found->since_login, 10min);
    }
    EXPECT_FALSE(lives(1)) << "no use makes a session";
  }
  EXPECT_TRUE(store().note_uses({}));
}

TEST_P(SessionStoreTimesTest, KeepsTheLaterOfTwoUses) {
  add(1);
  let_pass(10min);
  use(1, 1min);
  use(1, 5min);
  EXPECT_LT(find(1)->since_use, 1min + kLate);
  use(1, 30s);
  EXPECT_LT(find(1)->since_use, 30s + kLate);
}

TEST_P(SessionStoreTimesTest, ShowsBothFingerprintsDuringAChangeAndTheNewOneAfterIt) {
  constexpr Fingerprint kOld{0xff00ff27225c0041};
  constexpr Fingerprint kOther{0x00ffffffffffff00};
  constexpr Fingerprint kNew{0x8081fe0027225c00};
  const std::vector<Fingerprint> old = {kOld, Fingerprint{3}};
  std::uint64_t number = 0;
  for (const Fingerprint fingerprint : {kOld, Fingerprint{3}, kOther}) {
    StoredSession session = stored_session(++number);
    session.fingerprint = fingerprint;
    add(session);
  }
  StoredSession another = stored_session(4, "8");
  another.fingerprint = kOld;
  add(another);
  const auto shows = [&](std::uint64_t session) {
    const auto found = find(session).value_or(StoredSession{});
    return std::vector{found.fingerprint, found.next_fingerprint};
  };
  ASSERT_TRUE(store().change_fingerprint(UserId("7"), old, kNew, HashChange::begins));
  EXPECT_THAT(shows(1), ElementsAre(kOld, kNew));
  EXPECT_THAT(shows(2), ElementsAre(Fingerprint{3}, kNew));
  EXPECT_THAT(shows(3), ElementsAre(kOther, Fingerprint::unknown));
  ASSERT_TRUE(store().change_fingerprint(UserId("7"), old, kNew, HashChange::done));
  EXPECT_THAT(shows(1), ElementsAre(kNew, Fingerprint::unknown));
  EXPECT_THAT(shows(2), ElementsAre(kNew, Fingerprint::unknown));
  EXPECT_THAT(shows(3), ElementsAre(kOther, Fingerprint::unknown));
  EXPECT_THAT(shows(4), ElementsAre(kOld, Fingerprint::unknown));
}

TEST_P(SessionStoreTimesTest, TakesAChangedFingerprintForGoodByTheNewOneAlone) {
  constexpr Fingerprint kNew{99};
  add(1);
  ASSERT_TRUE(store().change_fingerprint(UserId("7"), std::vector{stored_session(1).fingerprint},
                                         kNew, HashChange::begins));
  ASSERT_TRUE(store().change_fingerprint(UserId("7"), {}, kNew, HashChange::done));
  EXPECT_EQ(find(1)->fingerprint, kNew);
  EXPECT_EQ(find(1)->next_fingerprint, Fingerprint::unknown);
}

TEST_P(SessionStoreTimesTest, ChangesTheFingerprintOfOneSessionAlone) {
  constexpr Fingerprint kNew{99};
  const Fingerprint old = stored_session(1).fingerprint;
  add(1);
  add(2);
  ASSERT_TRUE(store().change_fingerprint(session_id(1), kNew, HashChange::begins));
  EXPECT_EQ(find(1)->fingerprint, old);
  EXPECT_EQ(find(1)->next_fingerprint, kNew);
  EXPECT_EQ(find(2)->next_fingerprint, Fingerprint::unknown);
  ASSERT_TRUE(store().change_fingerprint(session_id(1), kNew, HashChange::done));
  EXPECT_EQ(find(1)->fingerprint, kNew);
  EXPECT_EQ(find(1)->next_fingerprint, Fingerprint::unknown);
  EXPECT_EQ(find(2)->fingerprint, old);
}

TEST_P(SessionStoreTimesTest, ChangesNoFingerprintOfASessionThatWasRevokedOrNeverWas) {
  add(1);
  ASSERT_TRUE(store().revoke(session_id(1)));
  for (const auto step : {HashChange::begins, HashChange::done}) {
    ASSERT_TRUE(store().change_fingerprint(session_id(1), Fingerprint{99}, step));
    ASSERT_TRUE(store().change_fingerprint(session_id(2), Fingerprint{99}, step));
  }
  EXPECT_FALSE(find(1));
  EXPECT_FALSE(find(2));
}

TEST_P(SessionStoreTimesTest, PurgesNothingThatLives) {
  add(1);
  let_pass(20min);
  add(2);
  ASSERT_TRUE(store().purge());
  EXPECT_TRUE(lives(1));
  EXPECT_TRUE(lives(2));
}

INSTANTIATE_TEST_SUITE_P(In, SessionStoreTimesTest, gatehouse::test::every_storage(),
                         gatehouse::test::name_of_storage);

}  // namespace
