/// What is MysqlSessionStore's alone: several hosts, many rows, locks, keys.
#include "session/store/mysql_session_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "support/session_tables.h"
#include "support/timing.h"

using namespace std::chrono_literals;
using gatehouse::Error;
using gatehouse::Guarded;
using gatehouse::session::Epoch;
using gatehouse::session::Fingerprint;
using gatehouse::session::HashChange;
using gatehouse::session::microseconds;
using gatehouse::session::MysqlSessionStore;
using gatehouse::session::Revocations;
using gatehouse::session::SessionId;
using gatehouse::session::StoredSession;
using gatehouse::session::StoredUse;
using gatehouse::test::comes_true_within;
using gatehouse::test::kTestLifetimes;
using gatehouse::test::MariaDb;
using gatehouse::test::session_id;
using gatehouse::test::SessionTables;
using gatehouse::test::stored_session;
using gatehouse::user::UserId;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class MysqlSessionStoreTest : public testing::Test {
 protected:
  void add(std::uint64_t number, std::string_view user = "7") {
    const auto added = here_.add(stored_session(number, user), {"192.0.2.1", "Browser/1.0"});
    ASSERT_TRUE(added) << added.error().what;
  }
  static bool lives(MysqlSessionStore& store, std::uint64_t number) {
    const auto found = store.find(session_id(number));
    EXPECT_TRUE(found) << found.error().what;
    return found && *found;
  }
  /// Claims the keys of these marks.
  gatehouse::Result<void> claim(const std::vector<std::string>& marks) {
    return here_.claim(marks);
  }
  int rows() { return std::stoi(tables_.value("SELECT COUNT(*) FROM session")); }

  MariaDb& server_ = MariaDb::shared();
  SessionTables tables_;
  MysqlSessionStore here_{tables_.pool(), kTestLifetimes};
  MysqlSessionStore there_{tables_.other_pool(), kTestLifetimes};
};

TEST_F(MysqlSessionStoreTest, FindsAtOnceWhatAnotherHostHasAdded) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    add(number);
    ASSERT_TRUE(lives(there_, number)) << number;
  }
}

TEST_F(MysqlSessionStoreTest, TellsOtherHostsWhatWasRevoked) {
  for (const std::uint64_t number : {1U, 2U, 3U}) add(number);
  add(4, "8");
  ASSERT_TRUE(here_.revoke(session_id(1)));
  ASSERT_TRUE(here_.revoke_user(UserId("8"), std::nullopt));
  ASSERT_TRUE(here_.revoke_all());
  Revocations revocations;
  EXPECT_TRUE(comes_true_within(5s, [&] {
    revocations = there_.revocations(30s).value();
    return revocations.site_epoch == Epoch{1};
  }));
  EXPECT_THAT(revocations.sessions, ElementsAre(session_id(1)));
  ASSERT_EQ(revocations.users.size(), 1U);
  EXPECT_EQ(revocations.users.front().id, UserId("8"));
  EXPECT_EQ(revocations.users.front().epoch, Epoch{1});
  EXPECT_EQ(revocations.users.front().changes, 1U);
}

TEST_F(MysqlSessionStoreTest, TellsNothingThatWasRevokedBeforeTheWindowButTheSitesEpoch) {
  add(1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  ASSERT_TRUE(here_.revoke_user(UserId("7"), std::nullopt));
  ASSERT_TRUE(here_.revoke_all());
  tables_.let_pass(31s);
  const Revocations revocations = here_.revocations(30s).value();
  EXPECT_THAT(revocations.sessions, IsEmpty());
  EXPECT_THAT(revocations.users, IsEmpty());
  EXPECT_EQ(revocations.site_epoch, Epoch{1});
  EXPECT_THAT(here_.revocations(61s).value().sessions, ElementsAre(session_id(1)));
}

TEST_F(MysqlSessionStoreTest, KeepsTheTimeOfTheFirstRevocation) {
  add(1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  tables_.let_pass(1min);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  EXPECT_THAT(here_.revocations(30s).value().sessions, IsEmpty());
}

TEST_F(MysqlSessionStoreTest, AddsTheSameSessionOnce) {
  add(1);
  ASSERT_TRUE(here_.revoke_user(UserId("7"), std::nullopt));
  const auto again = here_.add(stored_session(1), {});
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->epochs.user, Epoch{}) << "as it was the first time";
  EXPECT_EQ(rows(), 1);
  EXPECT_FALSE(lives(here_, 1));
}

TEST_F(MysqlSessionStoreTest, CountsTheLiveSessionsThatTheUserHadBefore) {
  const auto others = [&](std::uint64_t number, const std::string& user = "7") {
    return here_.add(stored_session(number, user), {}).value().others;
  };
  EXPECT_EQ(others(1), 0U);
  add(2, "8");
  EXPECT_EQ(others(3), 1U);
  EXPECT_EQ(others(4), 2U);
  ASSERT_TRUE(there_.revoke(session_id(3)));
  EXPECT_EQ(others(5), 2U);
  ASSERT_TRUE(there_.revoke_user(UserId("7"), session_id(5)));
  EXPECT_EQ(others(6), 1U);
  tables_.let_pass(kTestLifetimes.browser.absolute + 1s);
  EXPECT_EQ(others(9), 0U);
  ASSERT_TRUE(there_.revoke_all());
  EXPECT_EQ(others(10), 0U);
}

TEST_F(MysqlSessionStoreTest, AddsNothingThatDoesNotFit) {
  StoredSession session = stored_session(1, std::string(65, 'x'));
  EXPECT_EQ(here_.add(session, {}).error().kind, Error::Kind::failed);
  EXPECT_FALSE(here_.add(stored_session(1), {.address = std::string(65, 'x'), .user_agent = ""}));
  EXPECT_EQ(rows(), 0);
}

TEST_F(MysqlSessionStoreTest, ReadsAllBackInPagesTheLatestLoginsFirst) {
  constexpr std::size_t kAll = 25'000;
  tables_.fill(kAll, 10);
  add(1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  add(2);
  std::vector<std::size_t> sizes;
  std::vector<std::string> first;
  std::set<std::string> ids;
  std::optional<std::uint64_t> from;
  do {
    const auto page = here_.page(from);
    ASSERT_TRUE(page) << page.error().what;
    if (!from) first = {page->sessions.at(0).username, page->sessions.at(1).username};
    sizes.push_back(page->sessions.size());
    for (const auto& session : page->sessions) ids.emplace(session.id.view());
    from = page->next;
  } while (from);
  EXPECT_EQ(ids.size(), kAll + 1);
  EXPECT_THAT(first, ElementsAre("roy", "u2499"));
  EXPECT_THAT(sizes, ElementsAre(10'000, 10'000, 5'001));
}

TEST_F(MysqlSessionStoreTest, ReadsNothingBackFromAnEmptyTable) {
  const auto page = here_.page(std::nullopt);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->sessions, IsEmpty());
  EXPECT_FALSE(page->next);
}

TEST_F(MysqlSessionStoreTest, ListsNoMoreThanTenThousandOfAUserAndHandsOverAllOfEverybody) {
  tables_.fill(10'500, 10'500);
  std::size_t all = 0;
  EXPECT_TRUE(here_.for_each_live([&] { all = 0; },
                                  [&](gatehouse::session::ListedSession&&) { return ++all > 0; }));
  EXPECT_EQ(all, 10'500U);
  EXPECT_EQ(here_.list(UserId("u0")).value().size(), 10'000U);
}

TEST_F(MysqlSessionStoreTest, ReadsFewRowsOfALargeTable) {
  constexpr int kMost = 100;
  constexpr std::uint64_t kUses = 50;
  tables_.fill(50'000, 5);
  tables_.run("UPDATE session SET revoked_at = created_at - INTERVAL 1 HOUR WHERE seq % 7 = 0");
  ASSERT_TRUE(
      server_.connect()->for_each("ANALYZE TABLE session", [](const auto&) { return true; }));
  for (std::uint64_t number = 0; number < kUses; ++number) add(number, "8");
  add(77);
  ASSERT_TRUE(here_.revoke(session_id(0)));
  std::vector<StoredUse> uses;
  std::vector<SessionId> ids;
  for (std::uint64_t number = 0; number < kUses; ++number) {
    uses.push_back({session_id(number), 0us});
    ids.push_back(session_id(number));
  }
  std::string counted = "Handler_read%";
  const auto rows_read = [&] {
    const auto status = tables_.pool().with([&](auto& connection) {
      return connection.select("SHOW SESSION STATUS LIKE '" + counted + "'", {}, 20);
    });
    int sum = 0;
    for (const auto& row : status.value()) sum += std::stoi(row.at(1).value());
    return sum;
  };
  const auto expect_few = [&](const char* what, int most, const auto& call) {
    const int before = rows_read();
    ASSERT_TRUE(call()) << what;
    EXPECT_LT(rows_read() - before, most) << what;
  };
  rows_read();
  expect_few("add", kMost, [&] { return here_.add(stored_session(78), {}); });
  expect_few("find", kMost, [&] { return here_.find(session_id(77)); });
  expect_few("find nothing", kMost, [&] { return here_.find(session_id(99)); });
  expect_few("revoke", kMost, [&] { return here_.revoke(session_id(78)); });
  expect_few("revoke_user", kMost, [&] { return here_.revoke_user(UserId("7"), session_id(77)); });
  expect_few("list", kMost, [&] { return here_.list(UserId("7")); });
  expect_few("endings", kMost, [&] { return here_.revocations(30s); });
  expect_few("change_fingerprint", kMost, [&] {
    return here_.change_fingerprint(UserId("7"), std::vector{Fingerprint{1}, Fingerprint{2}},
                                    Fingerprint{3}, HashChange::done);
  });
  expect_few("change_fingerprint of one", kMost, [&] {
    return here_.change_fingerprint(session_id(77), Fingerprint{3}, HashChange::done);
  });
  expect_few("not_revoked", 10 * kMost, [&] { return here_.not_revoked(ids); });
  expect_few("note_uses", 5 * kMost, [&] { return here_.note_uses(uses); });
  expect_few("revoke", 5 * kMost, [&] { return here_.revoke(ids); });

  // The pages before it are not read again.
  counted = "Handler_read_prev";
  expect_few("a late page", 20'000, [&] { return here_.page(20'000); });
}

TEST_F(MysqlSessionStoreTest, PurgesADayAfterTheEnd) {
  add(1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  tables_.let_pass(23h);
  add(2);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 2);
  tables_.let_pass(1h + 1s);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 1) << "the revoked one is gone";
  tables_.let_pass(kTestLifetimes.browser.idle + 22h);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 1);
  tables_.let_pass(2h);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 0) << "the idle one is gone";
}

TEST_F(MysqlSessionStoreTest, PurgesAcrossGapsAndManyRows) {
  tables_.fill(15'000, 1);
  tables_.let_pass(kTestLifetimes.browser.absolute + 25h);
  add(1);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  tables_.let_pass(25h);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 0);
  ASSERT_TRUE(here_.purge()) << "an empty table";
}

TEST_F(MysqlSessionStoreTest, LeavesThePurgeToTheHostThatDoesItNow) {
  ASSERT_TRUE(there_.purge());
  add(1);
  ASSERT_TRUE(here_.revoke(session_id(1)));
  tables_.run("UPDATE session SET revoked_at = revoked_at - INTERVAL 25 HOUR");
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 1);
  tables_.let_pass(61s);
  ASSERT_TRUE(here_.purge());
  EXPECT_EQ(rows(), 0) << "the other's time is over";
}

TEST_F(MysqlSessionStoreTest, TriesAgainWhatALockStopped) {
  add(1);
  auto blocker = server_.connect();
  ASSERT_TRUE(blocker->execute("START TRANSACTION"));
  ASSERT_TRUE(blocker->execute("UPDATE session SET address = 'x'"));
  gatehouse::Result<void> revoked;
  std::jthread revoking([&] { revoked = here_.revoke(session_id(1)); });
  // Longer than one try waits: the limit of the lock is a second.
  std::this_thread::sleep_for(1500ms);
  ASSERT_TRUE(blocker->execute("COMMIT"));
  revoking.join();
  EXPECT_TRUE(revoked);
  EXPECT_FALSE(lives(here_, 1));
}

TEST_F(MysqlSessionStoreTest, IsUnavailableWhileALockStays) {
  add(1);
  auto blocker = server_.connect();
  ASSERT_TRUE(blocker->execute("START TRANSACTION"));
  ASSERT_TRUE(blocker->execute("UPDATE session SET address = 'x'"));
  EXPECT_EQ(here_.revoke(session_id(1)).error().kind, Error::Kind::unavailable);
  ASSERT_TRUE(blocker->execute("ROLLBACK"));
  EXPECT_TRUE(lives(here_, 1));
  EXPECT_TRUE(here_.revoke(session_id(1)));
}

TEST_F(MysqlSessionStoreTest, TakesANewConnectionWhereTheKeptOneIsClosed) {
  const std::vector<SessionId> ids = {session_id(1)};
  const std::vector<StoredUse> uses = {{session_id(1), 0us}};
  const auto expect_done = [&](const char* what, const auto& call) {
    const auto connection = tables_.pool().with(
        [](auto& kept) { return kept.select("SELECT CONNECTION_ID()", {}, 1); });
    tables_.run("KILL " + connection.value().at(0).at(0).value());
    const auto outcome = call();
    EXPECT_TRUE(outcome) << what << ": " << outcome.error().what;
  };
  expect_done("add", [&] { return here_.add(stored_session(1), {}); });
  expect_done("find", [&] { return here_.find(session_id(1)); });
  expect_done("not_revoked", [&] { return here_.not_revoked(ids); });
  expect_done("list", [&] { return here_.list(UserId("7")); });
  expect_done("page", [&] { return here_.page(std::nullopt); });
  expect_done("revocations", [&] { return here_.revocations(30s); });
  expect_done("note_uses", [&] { return here_.note_uses(uses); });
  expect_done("change_fingerprint", [&] {
    return here_.change_fingerprint(UserId("7"), std::vector{Fingerprint{1}}, Fingerprint{2},
                                    HashChange::done);
  });
  expect_done("change_fingerprint of one", [&] {
    return here_.change_fingerprint(session_id(1), Fingerprint{2}, HashChange::done);
  });
  expect_done("revoke_user", [&] { return here_.revoke_user(UserId("7"), session_id(1)); });
  expect_done("revoke", [&] { return here_.revoke(session_id(1)); });
  expect_done("claim", [&] { return claim({"mine"}); });
  expect_done("purge", [&] { return here_.purge(); });
  EXPECT_FALSE(lives(here_, 1));
}

/// As when the connection of the first try closed before its answer came.
TEST_F(MysqlSessionStoreTest, AddsASessionOnceWithTheEpochsOfTheFirstTry) {
  add(1);
  ASSERT_TRUE(here_.revoke_user(UserId("7"), std::nullopt));
  const auto again = here_.add(stored_session(1, "7"), {});
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->epochs.user, Epoch{});
  EXPECT_EQ(rows(), 1);
  EXPECT_FALSE(lives(here_, 1));
}

/// Logins, logouts everywhere, and uses of the same users at once, from two hosts.
TEST_F(MysqlSessionStoreTest, LosesNothingWhenAllIsDoneAtOnce) {
  constexpr std::uint64_t kThreads = 6;
  constexpr std::uint64_t kRounds = 60;
  Guarded<std::multiset<std::string>> failures;
  std::vector<std::jthread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      MysqlSessionStore& store = thread % 2 == 0 ? here_ : there_;
      const auto expect = [&](const auto& done) {
        if (!done) failures.with([&](auto& all) { all.insert(done.error().what); });
      };
      for (std::uint64_t round = 0; round < kRounds; ++round) {
        const std::uint64_t number = thread * kRounds + round;
        const std::string user = std::to_string(round % 3);
        expect(store.add(stored_session(number, user), {}));
        std::vector<StoredUse> uses;
        for (std::uint64_t i = 0; i <= number; i += 3) uses.push_back({session_id(i), 0us});
        expect(store.note_uses(uses));
        expect(store.revoke_user(UserId(user), session_id(number)));
        if (round % 10 == 0) expect(store.revoke_all());
      }
    });
  }
  threads.clear();
  failures.with([](const auto& all) { EXPECT_THAT(all, IsEmpty()); });
  EXPECT_EQ(tables_.value("SELECT SUM(changes) FROM session_epoch WHERE user_id <> ''"),
            tables_.value("SELECT SUM(epoch) FROM session_epoch WHERE user_id <> ''"));
}

}  // namespace
