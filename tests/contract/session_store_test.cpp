/// What every SessionStore does, in memory or in MySQL: beginning, finding and ending sessions.
#include "contract/session_store_fixture.h"

using namespace std::chrono_literals;
using gatehouse::session::Epoch;
using gatehouse::session::Fingerprint;
using gatehouse::session::Kind;
using gatehouse::session::SessionId;
using gatehouse::session::StoredSession;
using gatehouse::test::kLate;
using gatehouse::test::session_id;
using gatehouse::test::SessionStoreTest;
using gatehouse::test::stored_session;
using gatehouse::user::UserId;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

TEST_P(SessionStoreTest, FindsWhatWasAdded) {
  StoredSession session = stored_session(1);
  session.kind = Kind::persistent;
  add(session);
  const auto found = find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, session.id);
  EXPECT_EQ(found->user_id, UserId("7"));
  EXPECT_EQ(found->username, "roy");
  EXPECT_EQ(found->kind, Kind::persistent);
  EXPECT_EQ(found->fingerprint, session.fingerprint);
  EXPECT_EQ(found->next_fingerprint, Fingerprint::unknown);
  EXPECT_GE(found->since_login, 0us);
  EXPECT_LT(found->since_login, kLate);
  EXPECT_LT(found->since_use, kLate);
  EXPECT_FALSE(find(2));
}

TEST_P(SessionStoreTest, KeepsAnyBytesOfAnId) {
  for (int first = 0; first < 256; first += 16) {
    StoredSession session = stored_session(0);
    for (std::size_t i = 0; i < session.id.bytes.size(); ++i) {
      session.id.bytes[i] = static_cast<char>(first + static_cast<int>(i));
    }
    add(session);
    const auto found = store().find(session.id);
    ASSERT_TRUE(found && *found) << first;
    EXPECT_EQ((*found)->id, session.id);
    EXPECT_THAT(store().not_revoked(std::vector{session.id}).value(), ElementsAre(session.id));
  }
  EXPECT_EQ(listed("7").size(), 16U);
}

TEST_P(SessionStoreTest, KeepsAnyNameIdFingerprintAndOrigin) {
  const std::vector<std::string> names = {"r\xc3\xb6y",       "ROY",    "roy ",
                                          "\xf0\x9f\x98\x80", "'\"\\%", std::string(255, 'x')};
  std::uint64_t number = 0;
  for (const auto& name : names) {
    ++number;
    StoredSession session = stored_session(number, std::string(10 * number, 'i'));
    session.username = name;
    session.fingerprint = Fingerprint{number << 61U | 0xff00ULL | number};
    const std::string agent = std::string(255 - 4 * number, 'a') + std::string(4 * number, '\'');
    ASSERT_TRUE(store().add(session, {"2001:db8::1", agent}));
    const auto listed = store().list(session.user_id);
    ASSERT_TRUE(listed && listed->size() == 1) << name;
    EXPECT_EQ(listed->front().session.username, name);
    EXPECT_EQ(listed->front().session.user_id, session.user_id);
    EXPECT_EQ(listed->front().session.fingerprint, session.fingerprint);
    EXPECT_EQ(listed->front().origin.address, "2001:db8::1");
    EXPECT_EQ(listed->front().origin.user_agent, agent);
  }
}

TEST_P(SessionStoreTest, TellsUsersApartByTheBytesOfTheirIds) {
  add(1, "a");
  add(2, "A");
  add(3, "a ");
  EXPECT_THAT(listed("a"), ElementsAre(session_id(1)));
  EXPECT_EQ(revoke_user("a"), 1U);
  EXPECT_FALSE(lives(1));
  EXPECT_TRUE(lives(2));
  EXPECT_TRUE(lives(3));
}

TEST_P(SessionStoreTest, RevokesForGood) {
  add(1);
  add(2);
  ASSERT_TRUE(store().revoke(session_id(1)));
  ASSERT_TRUE(store().revoke(session_id(1))) << "again";
  ASSERT_TRUE(store().revoke(session_id(3))) << "one that it never had";
  EXPECT_FALSE(lives(1));
  EXPECT_TRUE(lives(2));
  use(1);
  EXPECT_FALSE(lives(1)) << "a late note of its use does not bring it back";
}

TEST_P(SessionStoreTest, RevokesAllSessionsOfAUserAndNotThoseThatBeginAfterwards) {
  add(1);
  add(2);
  add(3, "8");
  EXPECT_EQ(revoke_user("7"), 1U);
  EXPECT_FALSE(lives(1));
  EXPECT_FALSE(lives(2));
  EXPECT_TRUE(lives(3));
  EXPECT_EQ(store().add(stored_session(4), {}).value().epochs.user, Epoch{1});
  EXPECT_TRUE(lives(4));
  EXPECT_EQ(find(4)->epochs.user, Epoch{1});
  EXPECT_EQ(revoke_user("7"), 2U);
  EXPECT_FALSE(lives(4));
  EXPECT_EQ(revoke_user("9"), 1U) << "one who never had a session";
}

TEST_P(SessionStoreTest, RevokesAllSessionsOfAUserButOne) {
  add(1);
  add(2);
  add(3);
  EXPECT_EQ(revoke_user("7", session_id(2)), 1U);
  EXPECT_THAT(listed("7"), ElementsAre(session_id(2)));
  EXPECT_EQ(find(2)->epochs.user, Epoch{1});
  EXPECT_EQ(revoke_user("7", session_id(2)), 2U) << "again";
  EXPECT_TRUE(lives(2));
  EXPECT_EQ(revoke_user("7"), 3U);
  EXPECT_FALSE(lives(2));
}

TEST_P(SessionStoreTest, RevokesNoneWhereTheOneToKeepIsNotLiveOrAnothers) {
  add(1);
  add(2);
  add(3, "8");
  ASSERT_TRUE(store().revoke(session_id(2)));
  for (const std::uint64_t keep : {2U, 3U, 4U}) {
    const auto epoch = store().revoke_user(UserId("7"), session_id(keep));
    ASSERT_TRUE(epoch) << epoch.error().what;
    EXPECT_FALSE(*epoch) << keep;
  }
  EXPECT_TRUE(lives(1));
  EXPECT_TRUE(lives(3));
  EXPECT_EQ(store().add(stored_session(5), {}).value().epochs.user, Epoch{0});
  EXPECT_EQ(revoke_user("7"), 1U) << "nothing was counted before";
  const auto ended = store().revoke_user(UserId("7"), session_id(1));
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended) << "ended with all of its user's";
}

TEST_P(SessionStoreTest, RevokesEverySessionOfTheSite) {
  add(1);
  add(2, "8");
  ASSERT_TRUE(store().revoke_all());
  EXPECT_FALSE(lives(1));
  EXPECT_FALSE(lives(2));
  EXPECT_FALSE(store().revoke_user(UserId("7"), session_id(1)).value());
  EXPECT_EQ(store().add(stored_session(3), {}).value().epochs.site, Epoch{1});
  EXPECT_TRUE(lives(3));
  EXPECT_THAT(all_listed(), ElementsAre(session_id(3)));
  EXPECT_EQ(revocations(1h).site_epoch, Epoch{1});
  ASSERT_TRUE(store().revoke_all());
  EXPECT_EQ(revocations(1h).site_epoch, Epoch{2});
  EXPECT_FALSE(lives(3));
}

TEST_P(SessionStoreTest, RevokesSeveralAtOnceAndNoOther) {
  constexpr std::uint64_t kAll = 1234;
  std::vector<SessionId> revoked;
  for (std::uint64_t number = 0; number < kAll; ++number) {
    add(number);
    if (number % 7 != 0) revoked.push_back(session_id(number));
  }
  ASSERT_TRUE(store().revoke(revoked));
  ASSERT_TRUE(store().revoke(std::span<const SessionId>()));
  EXPECT_THAT(store().not_revoked(revoked).value(), IsEmpty());
  for (std::uint64_t number = 0; number < kAll; number += 7) EXPECT_TRUE(lives(number));
}

TEST_P(SessionStoreTest, GivesThoseThatWereNotRevoked) {
  constexpr std::uint64_t kAll = 1234;
  std::vector<SessionId> asked;
  std::vector<SessionId> alive;
  for (std::uint64_t number = 0; number < kAll; ++number) asked.push_back(session_id(number));
  for (std::uint64_t number = 0; number < kAll; number += 7) {
    add(number);
    alive.push_back(session_id(number));
  }
  EXPECT_THAT(store().not_revoked(asked).value(), testing::UnorderedElementsAreArray(alive));
  EXPECT_THAT(store().not_revoked(alive).value(), testing::UnorderedElementsAreArray(alive));
  EXPECT_THAT(store().not_revoked({}).value(), IsEmpty());
  ASSERT_TRUE(store().revoke(session_id(0)));
  EXPECT_THAT(store().not_revoked(std::span(asked).first(8)).value(), ElementsAre(session_id(7)));
}

TEST_P(SessionStoreTest, TellsWhoseSessionsWereAllRevoked) {
  EXPECT_THAT(revocations(1h).users, IsEmpty());
  EXPECT_EQ(revocations(1h).site_epoch, Epoch{0});
  revoke_user("7");
  revoke_user("7");
  revoke_user("8");
  std::vector<std::string> users;
  for (const auto& user : revocations(1h).users) {
    users.push_back(user.id.text() + ":" + std::to_string(number_of(user.epoch)));
  }
  EXPECT_THAT(users, UnorderedElementsAre("7:2", "8:1"));
}

INSTANTIATE_TEST_SUITE_P(In, SessionStoreTest, gatehouse::test::every_storage(),
                         gatehouse::test::name_of_storage);

}  // namespace
