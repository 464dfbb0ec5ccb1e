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
  auto changes = table.take_changes(100);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].by, 4);
  EXPECT_EQ(changes[0].last, kToday + 1s);
  EXPECT_TRUE(table.take_changes(100).empty());
  table.set(key(1), {0, kToday}, kToday);
  table.put_back(changes);
  EXPECT_TRUE(table.take_changes(100).empty()) << "what was added is gone before it was written";
}

TEST(FailureTable, TakesAWithdrawalBackThatCouldNotBeWritten) {
  FailureTable table(8);
  table.learn(key(1), {5, kToday}, kToday);
  table.set(key(1), {0, kToday}, kToday);
  const auto changes = table.take_changes(100);
  ASSERT_EQ(changes.size(), 1U);
  table.put_back(changes);
  const auto again = table.take_changes(100);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].by, -5);
}

TEST(FailureTable, AddsWhatIsNotWrittenYetToWhatItLearns) {
  FailureTable table(8);
  table.set(key(1), {2, kToday}, kToday);
  table.learn(key(1), {7, kToday + 1s}, kToday);
  EXPECT_EQ(table.of(key(1)), (Failures{9, kToday + 1s}));
  static_cast<void>(table.take_changes(100));
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

}  // namespace
}  // namespace gatehouse::guard
