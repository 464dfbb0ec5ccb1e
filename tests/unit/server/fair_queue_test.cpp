#include "server/fair_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace gatehouse::server {
namespace {

TEST(FairQueue, TakesTurnsBetweenClients) {
  FairQueue<int> queue(10);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(queue.push("flood", item));
  EXPECT_FALSE(queue.push("honest", 10));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 10);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(FairQueue, RefusesTheNewestOfTheLongestQueueWhenFull) {
  FairQueue<int> queue(3);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(queue.push("flood", item));
  EXPECT_EQ(queue.push("flood", 4), 4) << "alone, its own newest";
  EXPECT_EQ(queue.push("honest", 10), 3) << "the flood gives way";
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 10);
  EXPECT_EQ(queue.pop(), 2);
}

TEST(FairQueue, NeverRefusesWhatHasWaitedLongestWhereAllHaveOneEach) {
  FairQueue<int> queue(3);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(queue.push(std::to_string(item), item));
  for (const int item : {4, 5, 6}) EXPECT_EQ(queue.push(std::to_string(item), item), item);
  for (const int item : {1, 2, 3}) EXPECT_EQ(queue.pop(), item);
}

TEST(FairQueue, NeverRefusesWhatHasWaitedLongestOfClientsThatHaveHadATurn) {
  FairQueue<int> queue(2);
  EXPECT_FALSE(queue.push("a", 1));
  EXPECT_FALSE(queue.push("a", 2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_FALSE(queue.push("b", 3));
  EXPECT_EQ(queue.push("c", 4), 4);
}

TEST(FairQueue, NeverLetsManyQueuesOfOneGrowPastItsCapacity) {
  FairQueue<int> queue(2);
  EXPECT_FALSE(queue.push("a", 1));
  EXPECT_FALSE(queue.push("b", 2));
  EXPECT_TRUE(queue.push("c", 3));
  EXPECT_EQ(queue.size(), 2U);
}

TEST(FairQueue, GivesBackWhatWaitsWhenItCloses) {
  FairQueue<int> queue(5);
  EXPECT_FALSE(queue.push("a", 1));
  EXPECT_FALSE(queue.push("b", 2));
  EXPECT_EQ(queue.close().size(), 2U);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.push("a", 3), 3);
}

TEST(FairQueue, LosesNothingBetweenManyThreads) {
  FairQueue<int> queue(100'000);
  std::atomic<int> sum{0};
  std::vector<std::thread> takers;
  for (int t = 0; t < 3; ++t) {
    takers.emplace_back([&] {
      while (auto item = queue.pop()) sum += *item;
    });
  }
  std::vector<std::thread> givers;
  for (int t = 0; t < 3; ++t) {
    givers.emplace_back([&, t] {
      for (int i = 0; i < 5'000; ++i) static_cast<void>(queue.push(std::to_string(t), 1));
    });
  }
  for (auto& thread : givers) thread.join();
  while (queue.size() > 0) std::this_thread::yield();
  EXPECT_TRUE(queue.close().empty());
  for (auto& thread : takers) thread.join();
  EXPECT_EQ(sum, 15'000);
}

}  // namespace
}  // namespace gatehouse::server
