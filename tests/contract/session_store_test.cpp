/// What every SessionStore does, in memory or in MySQL.
#include "session/session_store.h"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "session/memory_session_store.h"
#include "session/mysql_session_store.h"
#include "support/fake_clock.h"
#include "support/session_tables.h"

using namespace std::chrono_literals;
using gatehouse::session::Endings;
using gatehouse::session::Fingerprint;
using gatehouse::session::Kind;
using gatehouse::session::MemorySessionStore;
using gatehouse::session::microseconds;
using gatehouse::session::MysqlSessionStore;
using gatehouse::session::SessionId;
using gatehouse::session::SessionStore;
using gatehouse::session::StoredSession;
using gatehouse::session::StoredUse;
using gatehouse::test::FakeClock;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::session_id;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

/// A store whose time the test moves.
class StoreUnderTest {
 public:
  StoreUnderTest() = default;
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  virtual ~StoreUnderTest() = default;
  virtual SessionStore& store() = 0;
  virtual void let_pass(microseconds time) = 0;
};

class InMemory final : public StoreUnderTest {
 public:
  SessionStore& store() override { return store_; }
  void let_pass(microseconds time) override { clock_.advance(time); }

 private:
  FakeClock clock_;
  MemorySessionStore store_{clock_, kTestLifetimes};
};

class InMysql final : public StoreUnderTest {
 public:
  SessionStore& store() override { return store_; }
  void let_pass(microseconds time) override { tables_.let_pass(time); }

 private:
  SessionTables tables_;
  MysqlSessionStore store_{tables_.pool(), kTestLifetimes};
};

struct Storage {
  const char* name;
  std::unique_ptr<StoreUnderTest> (*make)();
};

/// A real database's clock goes on during a test.
constexpr microseconds kLate = 20s;

class SessionStoreTest : public testing::TestWithParam<Storage> {
 protected:
  SessionStore& store() { return under_test_->store(); }
  void let_pass(microseconds time) { under_test_->let_pass(time); }

  void add(const StoredSession& session) {
    const auto added = store().add(session, {"192.0.2.1", "Browser/1.0"});
    ASSERT_TRUE(added) << added.error().what;
  }
  void add(std::uint64_t number, std::string_view user = "7") { add(stored_session(number, user)); }
  std::optional<StoredSession> find(std::uint64_t number) {
    const auto found = store().find(session_id(number));
    EXPECT_TRUE(found) << found.error().what;
    return found.value_or(std::nullopt);
  }
  bool lives(std::uint64_t number) { return find(number).has_value(); }
  std::vector<SessionId> listed(const std::string& user) {
    std::vector<SessionId> ids;
    const auto list = store().list(user);
    EXPECT_TRUE(list) << list.error().what;
    if (list) {
      for (const auto& one : *list) ids.push_back(one.session.id);
    }
    return ids;
  }
  void use(std::uint64_t number, microseconds ago = 0us) {
    const std::vector<StoredUse> uses = {{session_id(number), ago}};
    const auto noted = store().note_uses(uses);
    ASSERT_TRUE(noted) << noted.error().what;
  }
  Endings endings(microseconds window) {
    auto endings = store().endings(window);
    EXPECT_TRUE(endings) << endings.error().what;
    return endings.value_or(Endings{});
  }
  std::uint32_t revoke_user(const std::string& user, std::optional<SessionId> keep = {}) {
    const auto epoch = store().revoke_user(user, keep);
    EXPECT_TRUE(epoch) << epoch.error().what;
    return epoch ? epoch->value_or(0) : 0;
  }

  std::unique_ptr<StoreUnderTest> under_test_ = GetParam().make();
};

TEST_P(SessionStoreTest, FindsWhatWasAdded) {
  StoredSession session = stored_session(1);
  session.kind = Kind::persistent;
  add(session);
  const auto found = find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, session.id);
  EXPECT_EQ(found->user_id, "7");
  EXPECT_EQ(found->username, "roy");
  EXPECT_EQ(found->kind, Kind::persistent);
  EXPECT_EQ(found->fingerprint, session.fingerprint);
  EXPECT_EQ(found->next_fingerprint, 0U);
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
    EXPECT_THAT(store().not_ended(std::vector{session.id}).value(), ElementsAre(session.id));
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
    session.fingerprint = number << 61U | 0xff00ULL | number;
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

TEST_P(SessionStoreTest, EndsWhatIsRevokedForGood) {
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

TEST_P(SessionStoreTest, EndsAllSessionsOfAUserAndNotThoseThatBeginAfterwards) {
  add(1);
  add(2);
  add(3, "8");
  EXPECT_EQ(revoke_user("7"), 1U);
  EXPECT_FALSE(lives(1));
  EXPECT_FALSE(lives(2));
  EXPECT_TRUE(lives(3));
  EXPECT_EQ(store().add(stored_session(4), {}).value().user, 1U);
  EXPECT_TRUE(lives(4));
  EXPECT_EQ(find(4)->epochs.user, 1U);
  EXPECT_EQ(revoke_user("7"), 2U);
  EXPECT_FALSE(lives(4));
  EXPECT_EQ(revoke_user("9"), 1U) << "one who never had a session";
}

TEST_P(SessionStoreTest, EndsAllSessionsOfAUserButOne) {
  add(1);
  add(2);
  add(3);
  EXPECT_EQ(revoke_user("7", session_id(2)), 1U);
  EXPECT_THAT(listed("7"), ElementsAre(session_id(2)));
  EXPECT_EQ(find(2)->epochs.user, 1U);
  EXPECT_EQ(revoke_user("7", session_id(2)), 2U) << "again";
  EXPECT_TRUE(lives(2));
  EXPECT_EQ(revoke_user("7"), 3U);
  EXPECT_FALSE(lives(2));
}

TEST_P(SessionStoreTest, EndsNoneWhereTheOneToKeepIsNotLiveOrAnothers) {
  add(1);
  add(2);
  add(3, "8");
  ASSERT_TRUE(store().revoke(session_id(2)));
  for (const std::uint64_t keep : {2U, 3U, 4U}) {
    const auto epoch = store().revoke_user("7", session_id(keep));
    ASSERT_TRUE(epoch) << epoch.error().what;
    EXPECT_FALSE(*epoch) << keep;
  }
  EXPECT_TRUE(lives(1));
  EXPECT_TRUE(lives(3));
  EXPECT_EQ(store().add(stored_session(5), {}).value().user, 0U);
  EXPECT_EQ(revoke_user("7"), 1U) << "nothing was counted before";
  const auto ended = store().revoke_user("7", session_id(1));
  ASSERT_TRUE(ended);
  EXPECT_FALSE(*ended) << "ended with all of its user's";
}

TEST_P(SessionStoreTest, EndsEverythingOfTheSite) {
  add(1);
  add(2, "8");
  ASSERT_TRUE(store().revoke_all());
  EXPECT_FALSE(lives(1));
  EXPECT_FALSE(lives(2));
  EXPECT_FALSE(store().revoke_user("7", session_id(1)).value());
  EXPECT_EQ(store().add(stored_session(3), {}).value().site, 1U);
  EXPECT_TRUE(lives(3));
  EXPECT_THAT(listed(""), ElementsAre(session_id(3)));
  EXPECT_EQ(endings(1h).site_epoch, 1U);
  ASSERT_TRUE(store().revoke_all());
  EXPECT_EQ(endings(1h).site_epoch, 2U);
  EXPECT_FALSE(lives(3));
}

TEST_P(SessionStoreTest, GivesThoseThatWereNotEnded) {
  constexpr std::uint64_t kAll = 1234;
  std::vector<SessionId> asked;
  std::vector<SessionId> alive;
  for (std::uint64_t number = 0; number < kAll; ++number) asked.push_back(session_id(number));
  for (std::uint64_t number = 0; number < kAll; number += 7) {
    add(number);
    alive.push_back(session_id(number));
  }
  EXPECT_THAT(store().not_ended(asked).value(), testing::UnorderedElementsAreArray(alive));
  EXPECT_THAT(store().not_ended({}).value(), IsEmpty());
  ASSERT_TRUE(store().revoke(session_id(0)));
  EXPECT_THAT(store().not_ended(std::span(asked).first(8)).value(), ElementsAre(session_id(7)));
}

TEST_P(SessionStoreTest, ListsTheLastUsedFirst) {
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
  EXPECT_THAT(listed(""),
              UnorderedElementsAre(session_id(1), session_id(2), session_id(4), session_id(5)));
}

TEST_P(SessionStoreTest, EndsAnIdleSession) {
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

TEST_P(SessionStoreTest, DoesNotTakeWhatIsOverForEnded) {
  add(1);
  let_pass(kTestLifetimes.browser.idle + 1s);
  EXPECT_FALSE(lives(1));
  EXPECT_THAT(store().not_ended(std::vector{session_id(1)}).value(), ElementsAre(session_id(1)));
}

TEST_P(SessionStoreTest, EndsASessionThatIsOldHoweverOftenItWasUsed) {
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

TEST_P(SessionStoreTest, NotesUsesOfAnyNumberAtATime) {
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

TEST_P(SessionStoreTest, KeepsTheLaterOfTwoUses) {
  add(1);
  let_pass(10min);
  use(1, 1min);
  use(1, 5min);
  EXPECT_LT(find(1)->since_use, 1min + kLate);
  use(1, 30s);
  EXPECT_LT(find(1)->since_use, 30s + kLate);
}

TEST_P(SessionStoreTest, ShowsBothFingerprintsDuringAChangeAndTheNewOneAfterIt) {
  constexpr Fingerprint kOld = 0xff00ff27225c0041;
  constexpr Fingerprint kOther = 0x00ffffffffffff00;
  constexpr Fingerprint kNew = 0x8081fe0027225c00;
  const std::vector<Fingerprint> old = {kOld, 3};
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
  ASSERT_TRUE(store().change_fingerprint("7", old, kNew, false));
  EXPECT_THAT(shows(1), ElementsAre(kOld, kNew));
  EXPECT_THAT(shows(2), ElementsAre(3, kNew));
  EXPECT_THAT(shows(3), ElementsAre(kOther, 0));
  ASSERT_TRUE(store().change_fingerprint("7", old, kNew, true));
  EXPECT_THAT(shows(1), ElementsAre(kNew, 0));
  EXPECT_THAT(shows(2), ElementsAre(kNew, 0));
  EXPECT_THAT(shows(3), ElementsAre(kOther, 0));
  EXPECT_THAT(shows(4), ElementsAre(kOld, 0));
}

TEST_P(SessionStoreTest, TakesAChangedFingerprintForGoodByTheNewOneAlone) {
  constexpr Fingerprint kNew = 99;
  add(1);
  ASSERT_TRUE(
      store().change_fingerprint("7", std::vector{stored_session(1).fingerprint}, kNew, false));
  ASSERT_TRUE(store().change_fingerprint("7", {}, kNew, true));
  EXPECT_EQ(find(1)->fingerprint, kNew);
  EXPECT_EQ(find(1)->next_fingerprint, 0U);
}

TEST_P(SessionStoreTest, TellsWhichUsersWereEnded) {
  EXPECT_THAT(endings(1h).users, IsEmpty());
  EXPECT_EQ(endings(1h).site_epoch, 0U);
  revoke_user("7");
  revoke_user("7");
  revoke_user("8");
  std::vector<std::string> users;
  for (const auto& user : endings(1h).users) {
    users.push_back(user.id + ":" + std::to_string(user.epoch));
  }
  EXPECT_THAT(users, UnorderedElementsAre("7:2", "8:1"));
}

TEST_P(SessionStoreTest, PurgesNothingThatLives) {
  add(1);
  let_pass(20min);
  add(2);
  ASSERT_TRUE(store().purge());
  EXPECT_TRUE(lives(1));
  EXPECT_TRUE(lives(2));
}

INSTANTIATE_TEST_SUITE_P(In, SessionStoreTest,
                         testing::Values(Storage{"Memory",
                                                 []() -> std::unique_ptr<StoreUnderTest> {
                                                   return std::make_unique<InMemory>();
                                                 }},
                                         Storage{"Mysql",
                                                 []() -> std::unique_ptr<StoreUnderTest> {
                                                   return std::make_unique<InMysql>();
                                                 }}),
                         [](const auto& storage) { return std::string(storage.param.name); });

}  // namespace
