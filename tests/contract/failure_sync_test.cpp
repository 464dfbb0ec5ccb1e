/// The counts of failed logins that hosts share.
#include "session/failures/failure_sync.h"

#include <gtest/gtest.h>

#include <cstring>

#include "session/failures/mysql_failure_store.h"
#include "support/session_tables.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using guard::FailureKey;
using guard::Failures;
using guard::FailureTable;
using test::comes_true_within;

FailureKey failure_key(std::uint64_t number) {
  FailureKey key{};
  std::memcpy(key.data(), &number, sizeof number);
  std::memcpy(key.data() + 8, "\0'\"\\\xff%\n\x80", 8);
  return key;
}

/// A host with its counts.
struct CountingHost {
  explicit CountingHost(mysql::Pool& pool) : store(pool), steps(counts, store, clock) {}

  void fail(const FailureKey& at, std::uint32_t times = 1) {
    counts.with([&](FailureTable& table) {
      const TimePoint now = clock.now();
      table.set(at, {table.of(at).count + times, now}, now);
    });
  }
  void clear(const FailureKey& at) {
    counts.with([&](FailureTable& table) { table.set(at, {}, clock.now()); });
  }
  Failures of(const FailureKey& at) {
    return counts.with([&](FailureTable& table) { return table.of(at); });
  }
  /// A failure of an address, or one that is taken back.
  void pour(const FailureKey& at, std::chrono::seconds time) {
    counts.with([&](FailureTable& table) { table.pour(at, time, clock.now()); });
  }
  /// How much is in the bucket, to the second.
  std::chrono::seconds level(const FailureKey& at) {
    return counts.with([&](FailureTable& table) {
      return std::chrono::ceil<std::chrono::seconds>(table.empty_at(at) - clock.now());
    });
  }
  void exchange() {
    const auto written = steps.write();
    EXPECT_TRUE(written) << written.error().what;
    const auto polled = steps.poll();
    EXPECT_TRUE(polled) << polled.error().what;
  }

  SystemClock clock;
  Guarded<FailureTable> counts{std::size_t{1024}};
  MysqlFailureStore store;
  FailureSynchronisation steps;
};

class FailureSyncTest : public testing::Test {
 protected:
  test::SessionTables tables_;
  CountingHost here_{tables_.pool()};
  CountingHost there_{tables_.other_pool()};
};

TEST_F(FailureSyncTest, AddsUpTheFailuresOfAllHosts) {
  here_.fail(failure_key(1), 3);
  there_.fail(failure_key(1), 4);
  here_.exchange();
  there_.exchange();
  here_.exchange();
  EXPECT_EQ(here_.of(failure_key(1)).count, 7U);
  EXPECT_EQ(there_.of(failure_key(1)).count, 7U);
  EXPECT_LT(here_.clock.now() - here_.of(failure_key(1)).last, 5s);
}

TEST_F(FailureSyncTest, TellsOthersOfACountThatWasCleared) {
  here_.fail(failure_key(1), 5);
  here_.exchange();
  there_.exchange();
  there_.clear(failure_key(1));
  there_.exchange();
  here_.exchange();
  EXPECT_EQ(here_.of(failure_key(1)).count, 0U);
}

TEST_F(FailureSyncTest, NeverGoesBelowNothing) {
  here_.fail(failure_key(1), 2);
  here_.exchange();
  tables_.run("DELETE FROM login_failure");
  here_.clear(failure_key(1));
  here_.exchange();
  EXPECT_EQ(tables_.value("SELECT failures FROM login_failure"), "0");
  there_.fail(failure_key(1), 1);
  there_.exchange();
  EXPECT_EQ(there_.of(failure_key(1)).count, 1U);
}

TEST_F(FailureSyncTest, GivesTheTimeOfTheLastFailureBack) {
  const TimePoint long_ago = here_.clock.now() - 10min;
  const auto set = [&](std::uint32_t count, TimePoint last) {
    here_.counts.with([&](FailureTable& table) {
      table.set(failure_key(1), {count, last}, here_.clock.now());
    });
    here_.exchange();
    there_.exchange();
  };
  set(12, long_ago);
  set(13, here_.clock.now());  // a guess, and the password was right
  set(12, long_ago);
  for (CountingHost* host : {&here_, &there_}) {
    const Failures failures = host->of(failure_key(1));
    EXPECT_EQ(failures.count, 12U);
    EXPECT_GT(host->clock.now() - failures.last, 9min);
  }
}

TEST_F(FailureSyncTest, AddsUpBucketsInAnyOrder) {
  for (int i = 0; i < 3; ++i) here_.pour(failure_key(1), 30s);
  there_.pour(failure_key(1), 30s);
  here_.exchange();
  there_.exchange();
  here_.exchange();
  EXPECT_NEAR(static_cast<double>(here_.level(failure_key(1)).count()), 119, 2);
  EXPECT_NEAR(static_cast<double>(there_.level(failure_key(1)).count()), 119, 2);
  there_.pour(failure_key(1), -30s);
  here_.pour(failure_key(1), 30s);
  there_.pour(failure_key(1), -30s);
  there_.exchange();
  here_.exchange();
  there_.exchange();
  EXPECT_NEAR(static_cast<double>(here_.level(failure_key(1)).count()), 88, 3);
  EXPECT_NEAR(static_cast<double>(there_.level(failure_key(1)).count()), 88, 3);
  CountingHost restarted(tables_.pool());
  ASSERT_TRUE(restarted.steps.read_back([] { return true; }));
  EXPECT_NEAR(static_cast<double>(restarted.level(failure_key(1)).count()), 88, 3);
}

TEST_F(FailureSyncTest, MakesARowThatIsGoneAnewWithTheWholeCount) {
  here_.fail(failure_key(1), 99);
  here_.pour(failure_key(2), 300s);
  here_.exchange();
  there_.exchange();
  tables_.run("DELETE FROM login_failure");
  there_.fail(failure_key(1));
  there_.pour(failure_key(2), 30s);
  there_.exchange();
  here_.exchange();
  EXPECT_EQ(here_.of(failure_key(1)).count, 100U);
  EXPECT_EQ(there_.of(failure_key(1)).count, 100U);
  EXPECT_NEAR(static_cast<double>(here_.level(failure_key(2)).count()), 329, 3);
}

TEST_F(FailureSyncTest, KeepsARowWhoseEntryIsBack) {
  const auto key = [](std::uint64_t number) {  // neighbours in a table of 1024
    return failure_key(number * 128);
  };
  here_.fail(key(1));
  here_.exchange();
  for (std::uint64_t i = 2; i <= 9; ++i) here_.fail(key(i), 2);
  here_.fail(key(1), 5);
  here_.exchange();
  there_.exchange();
  EXPECT_EQ(there_.of(key(1)).count, 6U) << "a failure that was written before counts on";
}

TEST_F(FailureSyncTest, ReadsAllBackAfterARestart) {
  for (std::uint64_t i = 1; i <= 600; ++i)
    here_.fail(failure_key(i), static_cast<std::uint32_t>(i % 90) + 1);
  here_.exchange();
  CountingHost restarted(tables_.pool());
  ASSERT_TRUE(restarted.steps.read_back([] { return true; }));
  for (std::uint64_t i = 1; i <= 600; ++i) {
    EXPECT_EQ(restarted.of(failure_key(i)).count, here_.of(failure_key(i)).count) << i;
  }
}

TEST_F(FailureSyncTest, RemovesTheRowsOfWhatItHasDisplaced) {
  for (std::uint64_t i = 1; i <= 5'000; ++i) {
    here_.fail(failure_key(i));
    if (i % 500 == 0) here_.exchange();
  }
  here_.exchange();
  EXPECT_LE(std::stoi(tables_.value("SELECT COUNT(*) FROM login_failure")), 1024 + 500);
}

TEST_F(FailureSyncTest, CountsAloneWhileTheTableCannotBeAskedAndWritesItLater) {
  tables_.run("RENAME TABLE login_failure TO login_failure_away");
  here_.fail(failure_key(1), 5);
  EXPECT_FALSE(here_.steps.write());
  EXPECT_EQ(here_.of(failure_key(1)).count, 5U);
  tables_.run("RENAME TABLE login_failure_away TO login_failure");
  here_.exchange();
  there_.exchange();
  EXPECT_EQ(there_.of(failure_key(1)).count, 5U);
}

TEST_F(FailureSyncTest, TellsOtherHostsWithinASecond) {
  FailureSync here(here_.counts, here_.store, here_.clock);
  FailureSync there(there_.counts, there_.store, there_.clock);
  here.wait_for_read_back();
  there.wait_for_read_back();
  here_.fail(failure_key(1), 5);
  EXPECT_TRUE(comes_true_within(1s, [&] { return there_.of(failure_key(1)).count == 5; }));
}

TEST_F(FailureSyncTest, WritesTheLastFailuresWhenItStops) {
  {
    FailureSync here(here_.counts, here_.store, here_.clock);
    here.wait_for_read_back();
    here_.fail(failure_key(1), 5);
  }
  EXPECT_EQ(tables_.value("SELECT failures FROM login_failure"), "5");
}

TEST_F(FailureSyncTest, ForgetsWhatHasBeenNothingForADay) {
  here_.fail(failure_key(1));
  here_.fail(failure_key(2));
  here_.pour(failure_key(3), 1s);
  here_.exchange();
  here_.clear(failure_key(1));
  here_.exchange();
  tables_.run(
      "UPDATE login_failure SET changed_at = changed_at - INTERVAL 25 HOUR,"
      " failed_at = failed_at - INTERVAL 25 HOUR");
  ASSERT_TRUE(here_.steps.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_failure"), "1");
}

}  // namespace
}  // namespace gatehouse::session
