#include "guard/spraying.h"

#include <gtest/gtest.h>

namespace gatehouse::guard {
namespace {

using namespace std::chrono_literals;

class SprayingTest : public testing::Test {
 protected:
  /// Begins to look, for so long.
  void begin(BootTime::duration before = 1h) {
    spraying.note(0, now);
    now += before;
  }
  void fail(int times, BootTime::duration within) {
    for (int i = 0; i < times; ++i) {
      spraying.note(1, now);
      now += within / times;
    }
  }
  TimePoint now{100h};
  Spraying spraying;
};

TEST_F(SprayingTest, IsNoticedOnAQuietSite) {
  begin();
  fail(49, 1min);
  EXPECT_FALSE(spraying.lasting(now));
  fail(1, 1s);
  EXPECT_TRUE(spraying.lasting(now));
}

TEST_F(SprayingTest, IsNoneWhereManyFailuresAreUsual) {
  fail(1200, 1h);
  EXPECT_FALSE(spraying.lasting(now));
  fail(400, 4min);
  EXPECT_FALSE(spraying.lasting(now));
  fail(400, 1min);
  EXPECT_TRUE(spraying.lasting(now));
}

TEST_F(SprayingTest, IsOverWhenFailuresAreAsUsual) {
  fail(600, 1h);
  fail(300, 3min);
  EXPECT_TRUE(spraying.lasting(now));
  now += 6min;
  EXPECT_FALSE(spraying.lasting(now));
}

TEST_F(SprayingTest, DoesNotBecomeUsualHoweverLongItLasts) {
  for (int minute = 0; minute < 60; ++minute) fail(10, 1min);
  for (int minute = 0; minute < 24 * 60; ++minute) {
    fail(200, 1min);
    if (minute >= 5) {
      EXPECT_TRUE(spraying.lasting(now)) << minute;
    }
  }
  for (int minute = 0; minute < 6; ++minute) {
    fail(10, 1min);
    static_cast<void>(spraying.lasting(now));
  }
  EXPECT_FALSE(spraying.lasting(now));
}

TEST_F(SprayingTest, IsNotTakenForTheUsualFailuresAfterAStart) {
  for (int minute = 0; minute < 60; ++minute) {
    fail(60, 1min);
    EXPECT_FALSE(spraying.lasting(now)) << minute;
  }
}

TEST_F(SprayingTest, ForgetsWhatIsLongAgo) {
  fail(10'000, 1min);
  now += 2h;
  fail(50, 1min);
  EXPECT_TRUE(spraying.lasting(now));
}

}  // namespace
}  // namespace gatehouse::guard
