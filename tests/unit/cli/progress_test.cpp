#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <streambuf>
#include <string>

#include "base/monitor.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ProgressLine, SaysHowMuchIsDoneAndHowLongItTakesYet) {
  EXPECT_EQ(progress_line({.what = "counting", .done = 1'200'000, .total = 4'000'000}, 12s),
            "counting: 1,200,000 of about 4,000,000 rows, 30 %, 28 s left");
  EXPECT_EQ(progress_line({.what = "counting", .done = 999, .total = 999}, 12s),
            "counting: 999 of about 999 rows, 100 %, 0 s left");
  EXPECT_EQ(progress_line({.what = "counting", .done = 1, .total = 4}, 700ms),
            "counting: 1 of about 4 rows, 25 %, 3 s left");
}

TEST(ProgressLine, SaysHowLongItHasTakenIfTheTotalIsNotKnown) {
  EXPECT_EQ(progress_line({.what = "counting"}, 3s), "counting: 3 s so far");
  EXPECT_EQ(progress_line({.what = "counting", .total = 100}, 3s), "counting: 3 s so far");
  EXPECT_EQ(progress_line({.what = "searching", .done = 1000, .unit = "sessions"}, 70s),
            "searching: 1,000 sessions, 1 min 10 s so far");
  // The total was an estimate, and too low.
  EXPECT_EQ(progress_line({.what = "counting", .done = 101, .total = 100}, 3s),
            "counting: 101 rows, 3 s so far");
}

/// An output that a test can wait for.
class Screen : public std::streambuf {
 public:
  void wait_for(const std::string& text) {
    const std::stop_token never;
    EXPECT_TRUE(shown_.wait_for(
        never, 10s, [&](const std::string& all) { return all.find(text) != std::string::npos; }))
        << "not shown: " << text;
  }
  std::string all() const {
    return shown_.with([](const std::string& shown) { return shown; });
  }

 private:
  int_type overflow(int_type c) override {
    shown_.change([&](std::string& all) { all += static_cast<char>(c); });
    return c;
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    shown_.change([&](std::string& all) { all.append(text, static_cast<std::size_t>(size)); });
    return size;
  }
  Monitor<std::string> shown_;
};

TEST(Progress, IsShownOnATerminalAndWipedAway) {
  Screen screen;
  std::ostream err(&screen);
  {
    Progress progress("counting the hashes", err, {.width = 80}, 0ms);
    screen.wait_for("counting the hashes: 0 s so far");
    progress.begin({.what = "counting the hashes", .total = 1000});
    progress.at(500);
    screen.wait_for("500 of about 1,000 rows, 50 %");
  }
  EXPECT_THAT(screen.all(), StartsWith("\r\x1b[K"));
  EXPECT_THAT(screen.all(), EndsWith("\r\x1b[K"));
}

TEST(Progress, IsNeverWiderThanTheTerminal) {
  Screen screen;
  std::ostream err(&screen);
  {
    const Progress progress("counting the hashes", err, {.width = 10}, 0ms);
    screen.wait_for("…");
  }
  EXPECT_THAT(screen.all(), HasSubstr("\x1b[Kcounting…"));
}

TEST(Progress, IsNotShownForWhatIsQuickOrElsewhere) {
  Screen screen;
  std::ostream err(&screen);
  {
    Progress quick("counting", err, {.width = 80});
    quick.at(1);
    Progress file("counting", err, {}, 0ms);
    file.at(1);
  }
  EXPECT_EQ(screen.all(), "");
}

}  // namespace
}  // namespace gatehouse::cli
