/// Attacks in simulated time. The figures of SECURITY.md are those that are expected here.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <functional>

#include "guard_fixture.h"

namespace gatehouse::guard {
namespace {

using namespace std::chrono_literals;
using test::asker_from;

class Simulation : public test::GuardTest {
 protected:
  /// The bot's sequence: whether each guess was looked at, one a second for an hour.
  std::vector<bool> bot_for_an_hour(const std::function<void(int second)>& meanwhile) {
    std::vector<bool> sequence;
    for (int second = 0; second < 3600; ++second) {
      sequence.push_back(guess("192.0.2.7").looked_at);
      meanwhile(second);
      clock.advance(1s);
    }
    return sequence;
  }
};

TEST_F(Simulation, ABotLearnsNothingFromTheOwnersLogins) {
  const Asker device = known_device("198.51.100.7");
  const auto with_owner = bot_for_an_hour([&](int second) {
    if (second % 5 != 0) return;
    EXPECT_TRUE(guess(device, "roy", {kRoy}, true).looked_at) << second;
  });
  test::FakeGuard other(clock, {});
  std::vector<bool> alone;
  for (int second = 0; second < 3600; ++second) {
    alone.push_back(
        other.guard.ask({"roy", asker_from("192.0.2.7"), std::array{kRoy}}).has_value());
    clock.advance(1s);
  }
  EXPECT_EQ(with_owner, alone);
  EXPECT_EQ(std::count(alone.begin(), alone.end(), true), 17);
}

TEST_F(Simulation, TheOwnerGetsInAtOnceFromAKnownRingAndWithinAMinuteFromAnother) {
  know_ring("203.0.113.9");
  std::chrono::seconds longest{0};
  std::optional<int> asks_since;
  bot_for_an_hour([&](int second) {
    if (second % 7 == 0) {
      EXPECT_TRUE(log_in("203.0.113.9").looked_at) << second;
    }
    // At a new place, which asks a little after the bot, and gives up when its turn has come.
    if (second % 300 == 0) asks_since = second;
    if (!asks_since) return;
    if (fake.guard.ask({"roy", asker_from("198.51.100.7"), std::array{kRoy}})
            .map([](Permit&& permit) { std::move(permit).give_back(); })) {
      longest = std::max(longest, std::chrono::seconds(second - *asks_since));
      asks_since.reset();
    }
  });
  EXPECT_FALSE(asks_since);
  EXPECT_LE(longest, 60s);
}

TEST_F(Simulation, OneAddressAtOneNameForADay) {
  EXPECT_EQ(guess_for(24h, "192.0.2.7"), 100);  // closed then
}

TEST_F(Simulation, OneAddressAtAllNamesForADay) {
  const TimePoint end = clock.now() + 24h;
  int looked_at = 0;
  for (int i = 0; clock.now() < end; ++i) {
    const auto asked = guess("192.0.2.7", "name " + std::to_string(i));
    if (asked.looked_at)
      ++looked_at;
    else
      clock.advance(asked.wait);
  }
  EXPECT_NEAR(looked_at, 2'900, 5);
}

TEST_F(Simulation, OneNetworkOf65536AtAllNamesForADay) {
  const TimePoint end = clock.now() + 24h;
  int looked_at = 0;
  for (int i = 0; clock.now() < end; ++i) {
    const auto asked =
        guess("2001:db8:1:" + fmt::format("{:x}", i % 65'536) + "::1", "name " + std::to_string(i));
    if (asked.looked_at)
      ++looked_at;
    else
      clock.advance(std::min(asked.wait, 5s));
  }
  EXPECT_NEAR(looked_at, 17'380, 20);
}

TEST_F(Simulation, TenThousandAddressesAtOneNameForADay) {
  const TimePoint end = clock.now() + 24h;
  int looked_at = 0;
  for (int i = 0; clock.now() < end; ++i) {
    const auto asked = guess(fmt::format("10.{}.{}.1", i % 10'000 / 250, i % 250));
    if (asked.looked_at)
      ++looked_at;
    else
      clock.advance(std::min(asked.wait, 5s));
  }
  EXPECT_EQ(looked_at, 100);
}

TEST_F(Simulation, OnTheDayOfDeploymentOneAddressClosesNoNameToAKnownRing) {
  constexpr std::size_t kAccounts = 200;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < kAccounts; ++i) {
    ids.push_back(std::to_string(i));
    know_ring("203.0.113.9", ids.back());
  }
  for (std::size_t second = 0; second < 24 * 3600; ++second) {
    const std::size_t i = second % kAccounts;
    guess(asker_from("192.0.2.7"), "name " + ids[i], {{ids[i], "hash"}});
    clock.advance(1s);
  }
  for (std::size_t i = 0; i < kAccounts; ++i) {
    EXPECT_TRUE(
        guess(asker_from("203.0.113.9"), "name " + ids[i], {{ids[i], "hash"}}, true).looked_at);
  }
}

TEST_F(Simulation, FiveMillionInventedNamesChangeNothingForAClosedOne) {
  for (const auto* const name : {"roy", "nobody"}) {
    for (int i = 0; i < 120; ++i) {
      guess(fmt::format("10.3.{}.1", i), name);
      clock.advance(60s);
    }
    EXPECT_FALSE(guess("198.51.100.7", name).looked_at);
  }
  EXPECT_EQ(guess_at_once("198.51.100.9", "absent"), 5);
  EXPECT_EQ(guess_at_once("198.51.101.9", "absent"), 5);
  // More than any flood: from addresses that never wait.
  for (int i = 0; i < 5'000'000; ++i) {
    guess(fmt::format("10.{}.{}.{}", i % 200, i / 200 % 250, i / 50'000),
          "invented " + std::to_string(i));
    if (i % 1000 == 0) clock.advance(1s);
  }
  for (const auto* const name : {"roy", "nobody"}) {
    EXPECT_FALSE(guess("198.51.100.8", name).looked_at) << name;
  }
  clock.advance(1h);
  EXPECT_TRUE(guess("198.51.102.9", "absent").looked_at);
  EXPECT_FALSE(guess("198.51.103.9", "absent").looked_at) << "its ten free failures are used up";
}

}  // namespace
}  // namespace gatehouse::guard
