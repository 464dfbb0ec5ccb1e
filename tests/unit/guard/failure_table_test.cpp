#include "guard/failure_table.h"

#include <gtest/gtest.h>

#include <cstring>

namespace gatehouse::guard {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kToday{1h};

/// All keys of a table of eight entries are neighbours.
FailureKey key(std::uint64_t number) {
  FailureKey key{};
  std::memcpy(key.data() + 8, &number, sizeof number);
  return key;
}

TEST(FailureTable, KeepsTheLatestFailuresOfAKey) {
  FailureTable table(8);
  EXPECT_EQ(table.of(key(1)), Failures{});
  table.set(key(1), {3, kToday}, kToday);
  EXPECT_EQ(table.of(key(1)), (Failures{3, kToday}));
  table.set(key(1), {0, kToday}, kToday);
  EXPECT_EQ(table.of(key(1)).count, 0U);
}

TEST(FailureTable, DisplacesTheFewestFailuresThenTheOldest) {
  FailureTable table(8);
  for (std::uint64_t i = 0; i < 7; ++i) table.set(key(i), {10, kToday}, kToday);
  table.set(key(7), {1, kToday}, kToday);
  for (std::uint64_t i = 8; i < 1000; ++i) table.set(key(i), {1, kToday + 1s}, kToday + 1s);
  for (std::uint64_t i = 0; i < 7; ++i) EXPECT_EQ(table.of(key(i)).count, 10U) << i;
  EXPECT_EQ(table.of(key(7)).count, 0U);
  EXPECT_EQ(table.of(key(999)).count, 1U);
}

TEST(FailureTable, LetsOldFailuresGoBeforeNewOnes) {
  FailureTable table(8);
  for (std::uint64_t i = 0; i < 8; ++i) table.set(key(i), {10, kToday}, kToday);
  table.set(key(3), {10, kToday + 24h * 90}, kToday + 24h * 90);
  for (std::uint64_t i = 10; i < 17; ++i)
    table.set(key(i), {9, kToday + 24h * 91}, kToday + 24h * 91);
  EXPECT_EQ(table.of(key(3)).count, 10U);
}

TEST(FailureTable, HandsOverWhatHasChangedAndTakesItBack) {
  FailureTable table(8);
  table.set(key(1), {3, kToday}, kToday);
  table.set(key(1), {4, kToday + 1s}, kToday);
  auto changes = table.take_changes(100, kToday);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].by, 4);
  EXPECT_EQ(changes[0].count, 4U);
  EXPECT_EQ(changes[0].last, kToday + 1s);
  EXPECT_TRUE(table.take_changes(100, kToday).empty());
  table.set(key(1), {0, kToday}, kToday);
  table.put_back(changes);
  EXPECT_TRUE(table.take_changes(100, kToday).empty())
      << "what was added is gone before it was written";
}

TEST(FailureTable, TakesAWithdrawalBackThatCouldNotBeWritten) {
  FailureTable table(8);
  table.learn(key(1), {5, kToday}, kToday);
  table.set(key(1), {0, kToday}, kToday);
  const auto changes = table.take_changes(100, kToday);
  ASSERT_EQ(changes.size(), 1U);
  table.put_back(changes);
  const auto again = table.take_changes(100, kToday);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].by, -5);
}

TEST(FailureTable, AddsWhatIsNotWrittenYetToWhatItLearns) {
  FailureTable table(8);
  table.set(key(1), {2, kToday}, kToday);
  table.learn(key(1), {7, kToday + 1s}, kToday);
  EXPECT_EQ(table.of(key(1)), (Failures{9, kToday + 1s}));
  static_cast<void>(table.take_changes(100, kToday));
  table.learn(key(1), {9, kToday + 1s}, kToday);
  EXPECT_EQ(table.of(key(1)).count, 9U);
  table.learn(key(1), {0, kToday + 1s}, kToday);
  EXPECT_EQ(table.of(key(1)).count, 0U);
}

TEST(FailureTable, NamesTheDisplacedEntriesThatWereWritten) {
  FailureTable table(8);
  table.learn(key(1), {1, kToday}, kToday);
  for (std::uint64_t i = 10; i < 30; ++i) table.set(key(i), {2, kToday}, kToday);
  EXPECT_EQ(table.take_displaced(), std::vector<FailureKey>{key(1)});
  EXPECT_TRUE(table.take_displaced().empty());
}

TEST(FailureTable, NamesNoEntryThatIsBack) {
  FailureTable table(8);
  table.learn(key(1), {1, kToday}, kToday);
  for (std::uint64_t i = 10; i < 18; ++i) table.set(key(i), {2, kToday}, kToday);
  table.set(key(1), {9, kToday}, kToday);
  EXPECT_TRUE(table.take_displaced().empty());
}

TEST(FailureTable, TakesTheTimeOfTheStoreWhereNothingIsUnwritten) {
  FailureTable table(8);
  table.learn(key(1), {15, TimePoint(-72h)}, kToday);
  EXPECT_EQ(table.of(key(1)), (Failures{15, TimePoint(-72h)})) << "before the boot";
  table.learn(key(1), {14, TimePoint(-73h)}, kToday);
  EXPECT_EQ(table.of(key(1)).last, TimePoint(-73h)) << "a success gave it back";
}

TEST(FailureTable, MovesTheTimeAtWhichABucketIsEmpty) {
  FailureTable table(8);
  EXPECT_LE(table.empty_at(key(1)), kToday);
  table.pour(key(1), 30s, kToday);
  table.pour(key(1), 30s, kToday + 10s);
  EXPECT_EQ(table.empty_at(key(1)), kToday + 60s);
  table.pour(key(1), -30s, kToday + 10s);
  EXPECT_EQ(table.empty_at(key(1)), kToday + 30s);
  table.pour(key(1), 30s, kToday + 1h);
  EXPECT_EQ(table.empty_at(key(1)), kToday + 1h + 30s) << "it was empty meanwhile";
  table.spill(key(1), kToday + 1h + 5s);
  EXPECT_EQ(table.empty_at(key(1)), kToday + 1h + 5s);
}

TEST(FailureTable, HandsOverWhatWasPouredAndHasNotLeaked) {
  FailureTable table(8);
  table.pour(key(1), 30s, kToday);
  table.pour(key(1), 30s, kToday);
  auto changes = table.take_changes(100, kToday + 1s);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_TRUE(changes[0].bucket);
  EXPECT_EQ(changes[0].by, 59'000);
  table.put_back(changes);
  EXPECT_TRUE(table.take_changes(100, kToday + 1min).empty()) << "it is empty by then";
}

TEST(FailureTable, PoursWhatIsNotWrittenYetIntoTheBucketThatItLearns) {
  FailureTable table(8);
  table.pour(key(1), 30s, kToday);
  table.learn(key(1), {0, kToday + 90s}, kToday);
  EXPECT_EQ(table.empty_at(key(1)), kToday + 120s);
}

TEST(FailureTable, DisplacesABucketThatIsEmpty) {
  FailureTable table(8);
  for (std::uint64_t i = 0; i < 8; ++i) {
    if (i == 3) {
      table.pour(key(i), 600s, kToday);
    } else {
      table.set(key(i), {1, kToday}, kToday);
    }
  }
  table.set(key(10), {1, kToday + 1s}, kToday + 1s);
  EXPECT_EQ(table.empty_at(key(3)), kToday + 600s) << "a full one is worth more than a failure";
  table.set(key(11), {1, kToday + 601s}, kToday + 601s);
  EXPECT_EQ(table.empty_at(key(3)), TimePoint{});
}

}  // namespace
}  // namespace gatehouse::guard
