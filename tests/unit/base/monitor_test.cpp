#include "base/monitor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

namespace gatehouse {
namespace {

using namespace std::chrono_literals;

const auto kNotEmpty = [](const auto& all) { return !all.empty(); };

TEST(Monitor, HandsEveryPieceOfWorkToOneOfItsThreads) {
  constexpr int kPieces = 1000;
  Monitor<std::deque<int>> work;
  Monitor<std::vector<int>> done;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&](const std::stop_token& stop) {
      int piece = 0;
      while (work.wait(stop, kNotEmpty, [&](auto& all) {
        piece = all.front();
        all.pop_front();
      })) {
        done.change([&](auto& all) { all.push_back(piece); });
      }
    });
  }
  for (int i = 0; i < kPieces; ++i) {
    work.change_for_one([&](auto& all) { all.push_back(i); });
  }
  EXPECT_TRUE(done.wait({}, [](const auto& all) { return all.size() == kPieces; }));
  threads.clear();
  EXPECT_EQ(done.with([](const auto& all) { return all.size(); }), std::size_t{kPieces});
}

TEST(Monitor, WakesAThreadThatIsToldToStop) {
  Monitor<std::deque<int>> work;
  std::optional<bool> found;
  {
    std::jthread thread([&](const std::stop_token& stop) { found = work.wait(stop, kNotEmpty); });
  }
  EXPECT_EQ(found, false);
}

TEST(Monitor, ReturnsAtOnceWhereTheStopCameBeforeTheWait) {
  std::stop_source source;
  source.request_stop();
  Monitor<std::deque<int>> work(std::deque<int>{1});
  EXPECT_FALSE(work.wait(source.get_token(), kNotEmpty));
}

TEST(Monitor, GivesUpAtItsTime) {
  Monitor<std::deque<int>> work;
  EXPECT_FALSE(work.wait_for({}, 1ms, kNotEmpty));
  work.with([](auto& all) { all.push_back(1); });
  EXPECT_TRUE(work.wait_for({}, 0ms, kNotEmpty));
}

}  // namespace
}  // namespace gatehouse
