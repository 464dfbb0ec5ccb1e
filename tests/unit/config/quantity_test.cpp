#include "config/quantity.h"

#include <gtest/gtest.h>

namespace gatehouse::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsANumberWithAUnit) {
  EXPECT_EQ(*parse_duration("500ms"), 500ms);
  EXPECT_EQ(*parse_duration("30s"), 30s);
  EXPECT_EQ(*parse_duration("10m"), 10min);
  EXPECT_EQ(*parse_duration("12h"), 12h);
  EXPECT_EQ(*parse_duration("30d"), 720h);
}

TEST(Duration, IsNothingElse) {
  for (const auto* const text : {"", "s", "10", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S",
                                 "1h30m", "0x1s", "1µs", "\xff"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, NamesTheUnitsWhereOneIsMissingOrUnknown) {
  EXPECT_EQ(parse_duration("30").error().what, R"("30" needs a unit (ms, s, m, h, d))");
  EXPECT_EQ(parse_duration("30min").error().what,
            R"("30min": unknown unit "min" (known are ms, s, m, h, d))");
}

TEST(Duration, DoesNotOverflow) {
  EXPECT_EQ(parse_duration("106751991167d")->count(), 9'223'372'036'828'800'000);
  EXPECT_EQ(parse_duration("106751991168d").error().what,
            R"("106751991168d" is too large a number)");
  EXPECT_EQ(parse_duration("99999999999999999999ms").error().what,
            R"("99999999999999999999ms" is too large a number)");
}

TEST(Duration, IsShownInTheLargestUnitWithoutARest) {
  EXPECT_EQ(duration_text(0ms), "0ms");
  EXPECT_EQ(duration_text(1500ms), "1500ms");
  EXPECT_EQ(duration_text(90s), "90s");
  EXPECT_EQ(duration_text(10min), "10m");
  EXPECT_EQ(duration_text(24h), "1d");
}

TEST(Size, IsANumberWithAUnit) {
  EXPECT_EQ(*parse_size("0B"), 0U);
  EXPECT_EQ(*parse_size("512B"), 512U);
  EXPECT_EQ(*parse_size("16KiB"), 16384U);
  EXPECT_EQ(*parse_size("256MiB"), 268'435'456U);
  EXPECT_EQ(*parse_size("2GiB"), 2'147'483'648U);
}

TEST(Size, IsNothingElse) {
  for (const auto* const text :
       {"", "KiB", "16", "16kB", "16KB", "16K", "-1B", "1.5MiB", "16 KiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Size, DoesNotOverflow) {
  EXPECT_EQ(*parse_size("8589934591GiB"), 8589934591U * (1UL << 30U));
  EXPECT_FALSE(parse_size("8589934592GiB"));
  EXPECT_FALSE(parse_size("18446744073709551616B"));
}

TEST(Size, IsShownInTheLargestUnitWithoutARest) {
  EXPECT_EQ(size_text(1023), "1023B");
  EXPECT_EQ(size_text(16384), "16KiB");
  EXPECT_EQ(size_text(4UL << 30U), "4GiB");
}

TEST(Mode, IsOctal) {
  EXPECT_EQ(*parse_mode("0660"), 0660U);
  EXPECT_EQ(*parse_mode("600"), 0600U);
  EXPECT_EQ(*parse_mode("0777"), 0777U);
  for (const auto* const text : {"", "1000", "0888", "rw", "-660", "0o660", "660 "}) {
    EXPECT_FALSE(parse_mode(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse::config
