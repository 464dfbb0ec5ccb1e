#include "password/kdf/rest.h"

#include <gtest/gtest.h>

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;

void wake_late(Rest& rest, int times) {
  for (int i = 0; i < times; ++i) EXPECT_FALSE(rest.woke(20ms));
}

TEST(RestTest, DoublesEachTimeThatItWakesUpLateUpToItsLongest) {
  Rest rest(1ms);
  EXPECT_EQ(rest.length(), 60us);
  wake_late(rest, 1);
  EXPECT_EQ(rest.length(), 120us);
  wake_late(rest, 3);
  EXPECT_EQ(rest.length(), 960us);
  wake_late(rest, 5);
  EXPECT_EQ(rest.length(), 1ms);
}

TEST(RestTest, IsHalfAsLongEachTimeThatItWakesUpInTime) {
  Rest rest(100ms);
  wake_late(rest, 3);
  EXPECT_TRUE(rest.woke(0us));
  EXPECT_EQ(rest.length(), 240us);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(rest.woke(50us));
  EXPECT_EQ(rest.length(), Rest::kShortest);
}

TEST(RestTest, IsInTimeWhenItWasEndedEarly) {
  Rest rest(100ms);
  EXPECT_TRUE(rest.woke(-10ms));
}

TEST(RestTest, ForgivesMoreAfterALongRestButNeverMuch) {
  Rest rest(100ms);
  EXPECT_FALSE(rest.woke(250us));
  wake_late(rest, 5);
  EXPECT_EQ(rest.length(), 3840us);
  EXPECT_TRUE(rest.woke(250us));
  wake_late(rest, 9);
  EXPECT_EQ(rest.length(), 100ms);
  EXPECT_FALSE(rest.woke(1ms));
}

TEST(RestTest, GetsLongerWhileWorkIsInterruptedEvenIfItWakesUpInTime) {
  Rest rest(1ms);
  rest.interrupted();
  EXPECT_EQ(rest.length(), 240us);
  EXPECT_TRUE(rest.woke(0us));
  rest.interrupted();
  EXPECT_EQ(rest.length(), 480us);
  for (int i = 0; i < 3; ++i) rest.interrupted();
  EXPECT_EQ(rest.length(), 1ms);
}

}  // namespace
}  // namespace gatehouse::password
