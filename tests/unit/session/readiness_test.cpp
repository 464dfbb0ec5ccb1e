#include "session/sync/readiness.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "support/fake_clock.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

class ReadinessTest : public testing::Test {
 protected:
  Result<void> probe() {
    ++probes_;
    if (slow_) release_.get_future().wait();
    if (ill_) return fail(Error::Kind::unavailable, "ill");
    return {};
  }

  test::FakeClock clock_;
  std::atomic<int> probes_{0};
  std::atomic<bool> ill_{false};
  std::atomic<bool> slow_{false};
  std::promise<void> release_;
  Readiness readiness_{clock_, [this] { return probe(); }};
};

TEST_F(ReadinessTest, IsFoundOutOnceASecondHoweverOftenItIsAsked) {
  EXPECT_EQ(readiness_.ask(Patience::none), std::nullopt) << "it never waits";
  EXPECT_EQ(probes_, 0);
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(readiness_.ask(Patience::some), true);
  for (int i = 0; i < 1'000; ++i) ASSERT_EQ(readiness_.ask(Patience::none), true);
  EXPECT_EQ(probes_, 1);
}

TEST_F(ReadinessTest, IsFoundOutAnewAfterASecond) {
  EXPECT_EQ(readiness_.ask(Patience::some), true);
  ill_ = true;
  clock_.advance(999ms);
  EXPECT_EQ(readiness_.ask(Patience::none), true);
  clock_.advance(1ms);
  EXPECT_EQ(readiness_.ask(Patience::none), std::nullopt);
  EXPECT_EQ(readiness_.ask(Patience::some), false);
  ill_ = false;
  EXPECT_EQ(readiness_.ask(Patience::some), false) << "that counts for a second, too";
  clock_.advance(1s);
  EXPECT_EQ(readiness_.ask(Patience::some), true);
  EXPECT_EQ(probes_, 3);
}

/// As in a cluster that has just lost a node.
TEST_F(ReadinessTest, IsYesAfterAProbeOfOneAndAHalfSeconds) {
  slow_ = true;
  std::jthread first([&] { EXPECT_EQ(readiness_.ask(Patience::some), true); });
  ASSERT_TRUE(test::comes_true_within(5s, [&] { return probes_ == 1; }));
  clock_.advance(1500ms);
  release_.set_value();
  first.join();
  EXPECT_EQ(readiness_.ask(Patience::none), true);
}

/// A flood while the database hangs must hold up no thread.
TEST_F(ReadinessTest, IsNoAtOnceWhileAProbeTakesLongerThanTwoSeconds) {
  slow_ = true;
  std::jthread first([&] { EXPECT_EQ(readiness_.ask(Patience::some), false); });
  ASSERT_TRUE(test::comes_true_within(5s, [&] { return probes_ == 1; }));
  clock_.advance(2s);
  EXPECT_LT(test::time_of([&] {
              for (int i = 0; i < 100; ++i) ASSERT_EQ(readiness_.ask(Patience::some), false);
            }),
            500ms);
  EXPECT_EQ(readiness_.ask(Patience::none), false);
  EXPECT_EQ(probes_, 1);
  release_.set_value();
}

}  // namespace
}  // namespace gatehouse::session
