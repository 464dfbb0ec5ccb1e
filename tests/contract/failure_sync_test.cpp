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
  here_.exchange();
  here_.clear(failure_key(1));
  here_.exchange();
  tables_.run("UPDATE login_failure SET changed_at = changed_at - INTERVAL 25 HOUR");
  ASSERT_TRUE(here_.steps.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_failure"), "1");
}

}  // namespace
}  // namespace gatehouse::session
