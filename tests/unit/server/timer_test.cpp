#include "server/timer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "base/monitor.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;
using Order = std::vector<int>;

class TimerTest : public testing::Test {
 protected:
  /// A task that notes its number.
  Timer::Task note(int number) {
    return [this, number] { done.change([&](Order& all) { all.push_back(number); }); };
  }
  [[nodiscard]] bool wait_for(std::size_t count) {
    return done.wait_for({}, 10s, [&](const Order& all) { return all.size() == count; });
  }
  [[nodiscard]] Order order() const {
    return done.with([](const Order& all) { return all; });
  }

  Monitor<Order> done;
  Timer timer;
};

TEST_F(TimerTest, RunsTasksInTheOrderOfTheirTimes) {
  const auto before = std::chrono::steady_clock::now();
  timer.after(60ms, note(3));
  timer.after(1ms, note(1));
  timer.after(30ms, note(2));
  EXPECT_TRUE(wait_for(3));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 60ms);
  EXPECT_EQ(order(), (Order{1, 2, 3}));
}

TEST_F(TimerTest, WakesForATaskThatIsDueBeforeTheOneItWaitsFor) {
  timer.after(1h, note(2));
  std::this_thread::sleep_for(10ms);  // so that it waits for that one, as a rule
  timer.after(1ms, note(1));
  EXPECT_TRUE(wait_for(1));
}

TEST_F(TimerTest, RunsAllThatIsStillToComeWhenItStops) {
  timer.after(2h, note(2));
  timer.after(1h, note(1));
  timer.stop();
  EXPECT_EQ(order(), (Order{1, 2}));
}

TEST_F(TimerTest, RunsATaskInItsCallerOnceItHasStopped) {
  timer.stop();
  std::thread::id runner;
  timer.after(1h, [&] { runner = std::this_thread::get_id(); });
  EXPECT_EQ(runner, std::this_thread::get_id());
}

TEST_F(TimerTest, RunsATaskThatATaskAsksForWhileItStops) {
  timer.after(1h, [this] { timer.after(1h, note(1)); });
  timer.stop();
  EXPECT_EQ(order(), Order{1});
}

}  // namespace
}  // namespace gatehouse::server
