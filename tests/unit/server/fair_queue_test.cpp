#include "server/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gatehouse::server {
namespace {

using testing::ElementsAre;
using Queue = FairQueue<int>;

/// A client by the networks around it: "company/household/host".
std::vector<std::string> client(std::string_view path) {
  std::vector<std::string> rings;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/');
    rings.emplace_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  }
  return rings;
}

std::optional<int> push(Queue& queue, std::string_view path, int item) {
  return queue.push(client(path), item);
}

/// Works on the next item and finishes it at once; waits for one until the stop.
std::optional<int> work(Queue& queue, const std::stop_token& stop = {}) {
  const auto turn = queue.pop(stop);
  return turn ? std::optional(turn->item) : std::nullopt;
}

std::vector<int> work_on_all(Queue& queue) {
  std::vector<int> items;
  while (queue.size() > 0) items.push_back(*work(queue));
  return items;
}

TEST(FairQueue, TakesTurnsBetweenClients) {
  Queue queue(10);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(push(queue, "flood", item));
  EXPECT_FALSE(push(queue, "honest", 10));
  EXPECT_THAT(work_on_all(queue), ElementsAre(1, 10, 2, 3));
}

TEST(FairQueue, TellsHowManyOfTheClientAndItsNetworksAreAtWork) {
  Queue queue(10);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(push(queue, "flood/household/host", item));
  const auto first = queue.pop({});
  const auto second = queue.pop({});
  const auto third = queue.pop({});
  EXPECT_EQ(first->before, 0U);
  EXPECT_EQ(second->before, 3U) << "one, at each of three levels";
  EXPECT_EQ(third->before, 6U);
  EXPECT_FALSE(push(queue, "flood/neighbour/host", 4));
  EXPECT_EQ(queue.pop({})->before, 3U);
  EXPECT_FALSE(push(queue, "honest/household/host", 5));
  EXPECT_EQ(queue.pop({})->before, 0U);
}

TEST(FairQueue, TakesTurnsBetweenNetworksFirst) {
  Queue queue(10);
  for (const int item : {1, 2, 3}) {
    EXPECT_FALSE(push(queue, "flood/household/" + std::to_string(item), item));
  }
  EXPECT_FALSE(push(queue, "flood/other/host", 4));
  EXPECT_FALSE(push(queue, "honest/household/host", 10));
  EXPECT_FALSE(push(queue, "honest/household/host", 11));
  EXPECT_THAT(work_on_all(queue), ElementsAre(1, 10, 4, 11, 2, 3));
}

TEST(FairQueue, RefusesTheNewestOfTheLongestQueueWhenFull) {
  Queue queue(3);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(push(queue, "flood", item));
  EXPECT_EQ(push(queue, "flood", 4), 4) << "alone, its own newest";
  EXPECT_EQ(push(queue, "honest", 10), 3) << "the flood gives way";
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_THAT(work_on_all(queue), ElementsAre(1, 10, 2));
}

TEST(FairQueue, RefusesTheNewestOfTheLongestNetworkWhoseClientsHaveOneEach) {
  Queue queue(3);
  for (const int item : {1, 2, 3}) {
    EXPECT_FALSE(push(queue, "flood/" + std::to_string(item), item));
  }
  EXPECT_EQ(push(queue, "honest/host", 10), 3);
  EXPECT_EQ(push(queue, "flood/4", 4), 4);
  EXPECT_THAT(work_on_all(queue), ElementsAre(1, 10, 2));
}

TEST(FairQueue, NeverRefusesWhatHasWaitedLongestWhereAllHaveOneEach) {
  Queue queue(3);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(push(queue, std::to_string(item), item));
  for (const int item : {4, 5, 6}) EXPECT_EQ(push(queue, std::to_string(item), item), item);
  EXPECT_THAT(work_on_all(queue), ElementsAre(1, 2, 3));
}

TEST(FairQueue, NeverRefusesWhatHasWaitedLongestOfClientsThatHaveHadATurn) {
  Queue queue(2);
  EXPECT_FALSE(push(queue, "a", 1));
  EXPECT_FALSE(push(queue, "a", 2));
  EXPECT_EQ(work(queue), 1);
  EXPECT_FALSE(push(queue, "b", 3));
  EXPECT_EQ(push(queue, "c", 4), 4);
}

TEST(FairQueue, NeverRefusesWhatHasWaitedLongestOfAClientThatHasHadATurn) {
  Queue queue(3);
  EXPECT_FALSE(push(queue, "network/a", 1));
  EXPECT_FALSE(push(queue, "network/a", 2));
  EXPECT_FALSE(push(queue, "network/b", 3));
  EXPECT_EQ(work(queue), 1) << "a comes after b from now on";
  EXPECT_FALSE(push(queue, "other", 4));
  EXPECT_EQ(push(queue, "third", 5), 3) << "the newest of the longest network";
}

TEST(FairQueue, SharesTheTimeOfTheThreads) {
  Queue queue(10);
  for (const int item : {1, 2, 3}) EXPECT_FALSE(push(queue, "slow", item));
  for (const int item : {10, 11, 12}) EXPECT_FALSE(push(queue, "quick", item));
  const auto slow = queue.pop({});
  EXPECT_EQ(slow->item, 1);
  EXPECT_EQ(work(queue), 10);
  EXPECT_EQ(work(queue), 11) << "while the slow one is at work";
  EXPECT_EQ(work(queue), 12);
  EXPECT_EQ(work(queue), 2) << "nobody else is there";
}

TEST(FairQueue, SharesTheTimeOfTheThreadsBetweenNetworks) {
  Queue queue(10);
  for (const int item : {1, 2, 3}) {
    EXPECT_FALSE(push(queue, "slow/" + std::to_string(item), item));
  }
  for (const int item : {10, 11}) EXPECT_FALSE(push(queue, "quick/host", item));
  std::optional<Queue::Turn> slow = queue.pop({});
  EXPECT_EQ(work(queue), 10);
  EXPECT_EQ(work(queue), 11);
  slow.reset();
  EXPECT_FALSE(push(queue, "quick/host", 12));
  EXPECT_EQ(work(queue), 2) << "as soon as it is finished, turn by turn";
  EXPECT_EQ(work(queue), 12);
}

TEST(FairQueue, NeverLetsManyQueuesOfOneGrowPastItsCapacity) {
  Queue queue(2);
  EXPECT_FALSE(push(queue, "a", 1));
  EXPECT_FALSE(push(queue, "b", 2));
  EXPECT_TRUE(push(queue, "c", 3));
  EXPECT_EQ(queue.size(), 2U);
}

TEST(FairQueue, GivesBackWhatWaitsWhenItCloses) {
  Queue queue(5);
  EXPECT_FALSE(push(queue, "a", 1));
  EXPECT_FALSE(push(queue, "a/inside", 2));
  EXPECT_FALSE(push(queue, "b", 3));
  const auto at_work = queue.pop({});
  EXPECT_EQ(queue.close().size(), 2U);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(push(queue, "a", 4), 4);
}

TEST(FairQueue, WakesAThreadThatWaitsWhenItIsToStop) {
  Queue queue(5);
  std::optional<int> item = 1;
  {
    const std::jthread taker([&](const std::stop_token& stop) { item = work(queue, stop); });
  }
  EXPECT_FALSE(item);
}

TEST(FairQueue, LosesNothingBetweenManyThreads) {
  Queue queue(100'000);
  std::atomic<int> sum{0};
  std::vector<std::jthread> takers;
  for (int t = 0; t < 3; ++t) {
    takers.emplace_back([&](const std::stop_token& stop) {
      while (const auto item = work(queue, stop)) sum += *item;
    });
  }
  std::vector<std::jthread> givers;
  for (int t = 0; t < 3; ++t) {
    givers.emplace_back([&, t] {
      for (int i = 0; i < 5'000; ++i) static_cast<void>(push(queue, std::to_string(t), 1));
    });
  }
  givers.clear();
  while (queue.size() > 0) std::this_thread::yield();
  EXPECT_TRUE(queue.close().empty());
  takers.clear();
  EXPECT_EQ(sum, 15'000);
}

}  // namespace
}  // namespace gatehouse::server
