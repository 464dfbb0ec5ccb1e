/// Points in time as an administrator types them.
#include "cli/since.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <ctime>

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SinceTest : public testing::Test {
 protected:
  SinceTest() {
    ::setenv("TZ", "Europe/Berlin", 1);
    ::tzset();
  }
  ~SinceTest() override {
    ::unsetenv("TZ");
    ::tzset();
  }
  static std::chrono::system_clock::time_point at(std::time_t seconds) {
    return std::chrono::system_clock::from_time_t(seconds);
  }
  const std::chrono::system_clock::time_point now_ = at(1'795'860'000);  // 2026-11-28T10:00:00Z
};

TEST_F(SinceTest, IsADateOrATimeOfDayOfThisPlace) {
  EXPECT_EQ(parse_since("2026-11-28", now_), now_ - 11h);
  EXPECT_EQ(parse_since("2026-11-28 10:00", now_), now_ - 1h);
  EXPECT_EQ(parse_since("2026-11-28T10:00:30", now_), now_ - 1h + 30s);
  EXPECT_EQ(parse_since("2026-07-01 12:00", now_), *parse_since("2026-07-01 10:00Z", now_))
      << "daylight saving time";
}

TEST_F(SinceTest, IsATimeInUtcAsTheVerbsPrintIt) {
  EXPECT_EQ(parse_since("2026-11-28T09:59:58Z", now_), now_ - 2s);
}

TEST_F(SinceTest, IsADurationAgo) {
  EXPECT_EQ(parse_since("2h", now_), now_ - 2h);
  EXPECT_EQ(parse_since("7d", now_), now_ - 7 * 24h);
  EXPECT_EQ(parse_since("0s", now_), now_);
}

TEST_F(SinceTest, IsNothingElse) {
  for (const auto* text :
       {"", "now", "yesterday", "2", "2 h", "-2h", "2w", "2026", "2026-13-01", "2026-02-30",
        "2026-11-2", "28.11.2026", "2026-11-28 25:00", "2026-11-28 10:61", "2026-11-28 10",
        "2026-11-28 10:00 ", "2026-11-28 10:00+01:00", "2026--1-28", "99999999999999999999d"}) {
    const auto since = parse_since(text, now_);
    ASSERT_FALSE(since) << text;
    EXPECT_THAT(since.error().what, HasSubstr("is no time: write 2026-11-28")) << text;
  }
}

TEST_F(SinceTest, IsNotInTheFuture) {
  EXPECT_THAT(parse_since("2026-11-28 11:01", now_).error().what, HasSubstr("in the future"));
  EXPECT_TRUE(parse_since("2026-11-28 10:59", now_));
}

}  // namespace
}  // namespace gatehouse::cli
