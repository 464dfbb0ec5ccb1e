#include "user/failure_schedule.h"

#include <gtest/gtest.h>

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;

constexpr FailureSchedule::Time kBegin{100s};

TEST(FailureSchedule, AnswersAtAMultipleOfTheTickAlone) {
  FailureSchedule schedule(kBegin, 1, 40ms);
  EXPECT_EQ(schedule.first(kBegin + 30ms, 1), kBegin + 40ms);
  EXPECT_EQ(schedule.later(kBegin + 40ms, 1), std::nullopt);
  FailureSchedule slow(kBegin, 1, 40ms);
  EXPECT_EQ(slow.first(kBegin + 90ms, 1), kBegin + 120ms);
}

/// When the computing ends depends on the function: others that come just before or after it must
/// not show.
TEST(FailureSchedule, DoesNotTellWhenTheComputingEndedByThoseWhoComeMeanwhile) {
  FailureSchedule quick(kBegin, 3, 40ms);
  FailureSchedule slow(kBegin, 3, 40ms);
  EXPECT_EQ(quick.first(kBegin + 30ms, 3), kBegin + 120ms);
  EXPECT_EQ(slow.first(kBegin + 110ms, 9), kBegin + 120ms);
  for (FailureSchedule* each : {&quick, &slow}) {
    EXPECT_EQ(each->later(kBegin + 120ms, 9), kBegin + 360ms);
    EXPECT_EQ(each->later(kBegin + 360ms, 9), std::nullopt);
  }
}

TEST(FailureSchedule, GrowsWithTheCrowdWhereTheComputingTookLongerThanForeseen) {
  FailureSchedule schedule(kBegin, 2, 40ms);
  EXPECT_EQ(schedule.first(kBegin + 81ms, 5), kBegin + 200ms);
  EXPECT_EQ(schedule.later(kBegin + 200ms, 5), std::nullopt);
}

TEST(FailureSchedule, EndsBeforeNginxGivesUp) {
  FailureSchedule schedule(kBegin, 64, 2s);
  EXPECT_EQ(schedule.first(kBegin + 5s, 64), kBegin + 20s);
  FailureSchedule dear(kBegin, 64, 25s);
  EXPECT_EQ(dear.first(kBegin + 5s, 64), kBegin + 25s);
}

}  // namespace
}  // namespace gatehouse::user
