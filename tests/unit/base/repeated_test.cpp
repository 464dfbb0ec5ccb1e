#include "base/repeated.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/fake_clock.h"

namespace gatehouse {
namespace {

using std::chrono::seconds;

class RepeatedTest : public testing::Test {
 protected:
  test::FakeClock clock;
  Repeated trouble{clock};
};

TEST_F(RepeatedTest, LogsTheFirstAndThenOneAMinute) {
  EXPECT_TRUE(trouble.happened());
  EXPECT_EQ(trouble.count(), 1U);
  for (int second = 1; second < 60; ++second) {
    clock.advance(seconds{1});
    EXPECT_FALSE(trouble.happened()) << second;
  }
  clock.advance(seconds{1});
  EXPECT_TRUE(trouble.happened());
  EXPECT_EQ(trouble.count(), 60U) << "those since the first line";
}

TEST_F(RepeatedTest, TellsOfItsEndOnce) {
  EXPECT_FALSE(trouble.over()) << "nothing happened yet";
  EXPECT_TRUE(trouble.happened());
  EXPECT_FALSE(trouble.happened());
  EXPECT_TRUE(trouble.over());
  EXPECT_EQ(trouble.count(), 1U) << "the one that no line told of";
  EXPECT_FALSE(trouble.over());
}

TEST_F(RepeatedTest, TellsOneBeginningAndOneEndAMinuteOfWhatFlaps) {
  int lines = 0;
  for (int i = 0; i < 118; ++i) {
    if (trouble.happened()) ++lines;
    if (trouble.over()) ++lines;
    clock.advance(seconds{1});
  }
  EXPECT_EQ(lines, 4);
}

TEST_F(RepeatedTest, TellsAnEndOnlyWhereItToldTheBeginning) {
  EXPECT_TRUE(trouble.happened());
  EXPECT_TRUE(trouble.over());
  EXPECT_FALSE(trouble.happened());
  EXPECT_FALSE(trouble.over());
  clock.advance(seconds{60});
  EXPECT_TRUE(trouble.happened());
  EXPECT_EQ(trouble.count(), 2U) << "the one that was not told is counted";
}

TEST_F(RepeatedTest, HasAnIntervalOfItsOwnIfGivenOne) {
  Repeated often{clock, seconds{1}};
  EXPECT_TRUE(often.happened());
  clock.advance(seconds{1});
  EXPECT_TRUE(often.happened());
}

TEST(Repeated, LetsOneThreadOfManyLog) {
  Repeated trouble;
  std::atomic<int> lines{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j)
        if (trouble.happened()) ++lines;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(lines, 1);
}

}  // namespace
}  // namespace gatehouse
