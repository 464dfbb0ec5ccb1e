#include "guard/login_guard.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "guard_fixture.h"

namespace gatehouse::guard {
namespace {

using namespace std::chrono_literals;
using test::asker_from;

class LoginGuard : public test::GuardTest {};

TEST_F(LoginGuard, GivesARingFiveFreeFailuresAndThenWaitsThatDouble) {
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s}) {
    EXPECT_EQ(guess("192.0.2.7").wait, wait);
    clock.advance(wait - 1ms);
    EXPECT_FALSE(guess("192.0.2.7").looked_at);
    clock.advance(1ms);
    EXPECT_TRUE(guess("192.0.2.7").looked_at);
  }
}

TEST_F(LoginGuard, GivesAllStrangersTogetherTenFreeFailures) {
  int looked_at = 0;
  for (int i = 1; i <= 100; ++i) {
    if (guess("192.0." + std::to_string(i) + ".7").looked_at) ++looked_at;
  }
  EXPECT_EQ(looked_at, 10);
  EXPECT_EQ(guess("198.51.100.7").wait, 5s);
  clock.advance(5s);
  EXPECT_TRUE(guess("198.51.100.7").looked_at);
  EXPECT_EQ(guess("198.51.101.7").wait, 10s);
}

TEST_F(LoginGuard, TreatsANameWithoutARowAlike) {
  for (int i = 0; i < 400; ++i) {
    const std::string address = "192.0." + std::to_string(i % 9) + ".7";
    const auto existing = guess(address, "roy");
    const auto absent = guess("198.51" + address.substr(5), "nobody");
    EXPECT_EQ(existing.looked_at, absent.looked_at) << i;
    EXPECT_EQ(existing.wait, absent.wait) << i;
    if (i % 3 == 0) clock.advance(existing.wait);
  }
}

TEST_F(LoginGuard, LetsAKnownRingInWhateverStrangersDo) {
  know_ring("203.0.113.9");
  for (int i = 0; i < 200; ++i) {
    guess("192.0." + std::to_string(i) + ".7");
    clock.advance(60s);
  }
  EXPECT_FALSE(guess("198.51.100.7").looked_at);
  EXPECT_TRUE(log_in("203.0.113.9").looked_at);
}

TEST_F(LoginGuard, ClosesANameToStrangersAfterAHundredFailures) {
  int looked_at = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (guess("10." + std::to_string(i % 250) + "." + std::to_string(i / 250) + ".7").looked_at) {
      ++looked_at;
    }
    clock.advance(60s);
  }
  EXPECT_EQ(looked_at, 100);
  clock.advance(24h * 365);
  const auto asked = guess("198.51.100.7");
  EXPECT_FALSE(asked.looked_at);
  EXPECT_EQ(asked.wait, 60s);
}

TEST_F(LoginGuard, GivesStrangersNothingForASuccessFromAKnownPlace) {
  know_ring("203.0.113.9");
  const Asker device = known_device("198.51.100.7");
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
  EXPECT_EQ(guess_at_once("192.0.3.7"), 5);
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(log_in("203.0.113.9").looked_at);
    EXPECT_TRUE(guess(device, "roy", {kRoy}, true).looked_at);
    EXPECT_FALSE(guess("192.0.4.7").looked_at);
  }
}

TEST_F(LoginGuard, GivesStrangersNothingForASuccessDuringWhoseHashTheyFailed) {
  auto permit = fake.guard.ask({"roy", asker_from("203.0.113.9"), std::array{kRoy}});
  ASSERT_TRUE(permit);
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
  EXPECT_EQ(guess_at_once("192.0.3.7"), 4);
  std::move(*permit).accept(0);
  EXPECT_TRUE(guess("192.0.4.7").looked_at);
  EXPECT_FALSE(guess("192.0.5.7").looked_at);
}

TEST_F(LoginGuard, BeginsAnewForStrangersAfterASuccessOfOne) {
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
  clock.advance(1s);
  EXPECT_TRUE(log_in("192.0.2.7").looked_at);
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
}

TEST_F(LoginGuard, TakesADeviceForAStrangerAfterItsFreeFailures) {
  const Asker device = known_device("198.51.100.7");
  guess("192.0.2.7");  // no quiet name any more
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(guess(device, "roy", {kRoy}).looked_at);
  for (int i = 0; i < 9; ++i) guess("192.0." + std::to_string(i) + ".7");
  EXPECT_FALSE(guess(device, "roy", {kRoy}).looked_at);
}

TEST_F(LoginGuard, TakesARingForAStrangerAfterAHundredFailuresOfItsOwn) {
  know_ring("203.0.113.9");
  guess("192.0.2.7");
  int looked_at = 0;
  for (int i = 0; i < 200; ++i) {
    if (guess("203.0.113.9").looked_at) ++looked_at;
    clock.advance(900s);
  }
  // A hundred of its own, and 99 that strangers have left.
  EXPECT_EQ(looked_at, 199);
  EXPECT_FALSE(guess("203.0.113.9").looked_at);
}

TEST_F(LoginGuard, SlowsAnAddressThatGuessesAtManyNames) {
  int looked_at = 0;
  while (guess("192.0.2.7", "name " + std::to_string(looked_at)).looked_at) ++looked_at;
  EXPECT_EQ(looked_at, 20);
  clock.advance(24h);
  EXPECT_TRUE(guess("192.0.2.7", "another").looked_at);
}

TEST_F(LoginGuard, LetsANameInThatAWaitingAddressKnows) {
  know_ring("192.0.2.7");
  for (int i = 0; i < 30; ++i) guess("192.0.2.7", "name " + std::to_string(i));
  EXPECT_FALSE(guess("192.0.2.7", "another").looked_at);
  EXPECT_TRUE(log_in("192.0.2.7").looked_at);
}

TEST_F(LoginGuard, MakesNobodyWaitForASuccess) {
  for (int i = 0; i < 20; ++i) guess("192.0.2.7", "name " + std::to_string(i));
  clock.advance(30s);
  EXPECT_TRUE(log_in("192.0.2.7").looked_at);
  EXPECT_TRUE(guess("192.0.2.7", "another").looked_at);
  EXPECT_EQ(guess("192.0.2.7", "a third").wait, 30s);
}

TEST_F(LoginGuard, ForgetsNoFailureOfAnAddressForItsSuccesses) {
  for (int i = 0; i < 20; ++i) guess("192.0.2.7", "name " + std::to_string(i));
  clock.advance(31s);
  for (int i = 0; i < 25; ++i) {
    EXPECT_TRUE(log_in("192.0.2.7").looked_at);
  }
  EXPECT_TRUE(guess("192.0.2.7", "another").looked_at);
  EXPECT_FALSE(guess("192.0.2.7", "a third").looked_at);
}

TEST_F(LoginGuard, TellsTheRestOfTheSameWaitAtAClosedName) {
  for (int i = 0; i < 100; ++i) {
    guess("10.3." + std::to_string(i) + ".1");
    clock.advance(60s);
  }
  EXPECT_EQ(guess("198.51.100.7").wait, 60s);
  clock.advance(5s);
  EXPECT_EQ(guess("198.51.100.7").wait, 55s);
}

TEST_F(LoginGuard, LetsTheOwnerOfANeighbouringNameClearNothing) {
  // ROY and roy are counted as one name where the site's table tells them apart.
  const Row neighbour{"2", "the attacker's"};
  int looked_at = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string address = "10.4." + std::to_string(i) + ".1";
    if (guess(asker_from(address), "roy", {kRoy}).looked_at) ++looked_at;
    guess(asker_from(address), "roy", {neighbour}, true);
  }
  EXPECT_LE(looked_at, 10);
}

TEST_F(LoginGuard, ClearsNothingAtANameOfSeveralRowsForAChangeOfThePassword) {
  const Row mine{"2", "the attacker's"};
  int looked_at = 0;
  for (int i = 0; i < 100; ++i) {
    const Asker asker = asker_from("10.4." + std::to_string(i) + ".1");
    if (guess(asker, "roy", {kRoy, mine}).looked_at) ++looked_at;
    const std::array only = {mine};
    auto permit = fake.guard.ask({.name_key = "roy", .asker = asker, .rows = only, .others = true});
    if (permit) std::move(*permit).accept(0);
  }
  EXPECT_LE(looked_at, 10);
}

TEST_F(LoginGuard, AsksNobodyAnyMoreAfterATypoOfALongTimeAgo) {
  know_ring("203.0.113.9");
  guess("203.0.113.9");
  EXPECT_TRUE(log_in("203.0.113.9").looked_at);
  clock.advance(15min);
  EXPECT_TRUE(log_in("203.0.113.9").looked_at);
  EXPECT_EQ(fake.acquaintances.asked, 2U);
  EXPECT_TRUE(log_in("203.0.113.9").looked_at);
  EXPECT_EQ(fake.acquaintances.asked, 2U);
}

TEST_F(LoginGuard, GivesWhoSharesAKnownRingNoGuessForEachLoginOfADevice) {
  know_ring("203.0.113.9");
  const Asker device = known_device("203.0.113.9");
  int looked_at = 0;
  for (int second = 0; second < 3600; second += 5) {
    if (guess("203.0.113.9").looked_at) ++looked_at;
    EXPECT_TRUE(guess(device, "roy", {kRoy}, true).looked_at);
    clock.advance(5s);
  }
  EXPECT_LE(looked_at, 25);
}

TEST_F(LoginGuard, CountsAnIpv6NetworkAsOneAddress) {
  EXPECT_EQ(guess_at_once("2001:db8:1:2::1"), 5);
  EXPECT_FALSE(guess("2001:db8:1:2:ffff::9").looked_at);
  EXPECT_TRUE(guess("2001:db8:1:3::1").looked_at);
}

TEST_F(LoginGuard, LooksAtNoMoreOfAHundredParallelGuesses) {
  std::atomic<int> looked_at{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 40; ++j) {
        if (guess("192.0.2.7").looked_at) ++looked_at;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(looked_at, 5);
}

TEST_F(LoginGuard, TakesBackWhatWasNotLookedAt) {
  for (int i = 0; i < 50; ++i) {
    auto permit = fake.guard.ask({"roy", asker_from("192.0.2.7"), std::array{kRoy}});
    ASSERT_TRUE(permit) << i;
    std::move(*permit).give_back();
  }
  EXPECT_EQ(guess_at_once("192.0.2.7"), 5);
}

TEST_F(LoginGuard, LetsTheOwnerOfOneRowClearNothingForAnother) {
  const Row mine{"2", "the attacker's"};
  int looked_at = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string address = "10.0." + std::to_string(i % 250) + "." + std::to_string(i / 250);
    know_ring(address, "2");
    auto permit = fake.guard.ask({"roy", asker_from(address), std::array{mine, kRoy}});
    if (!permit) continue;
    if (permit->tries(1)) ++looked_at;
    if (i % 2 == 1) std::move(*permit).accept(0);
    clock.advance(60s);
  }
  EXPECT_LE(looked_at, 220);  // a success tells of no other row, and each second one fails
}

TEST_F(LoginGuard, LooksAtARowAHundredTimesWhateverItIsCalled) {
  int looked_at = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::string address = "10.1." + std::to_string(i % 250) + "." + std::to_string(i / 250);
    const auto asked = guess(asker_from(address), "roy under name " + std::to_string(i), {kRoy});
    EXPECT_EQ(asked.wait, 0s) << "it must not be told";
    if (asked.looked_at) ++looked_at;
    clock.advance(60s);
  }
  EXPECT_EQ(looked_at, 100);
}

TEST_F(LoginGuard, AsksNobodyWhetherAQuietNameKnowsThePlace) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(log_in("203.0.113.9").looked_at);
  EXPECT_EQ(fake.acquaintances.asked, 0U);
  guess("203.0.113.9");
  log_in("203.0.113.9");
  EXPECT_EQ(fake.acquaintances.asked, 1U);
}

class SprayedGuard : public test::GuardTest {
 protected:
  SprayedGuard() : GuardTest({.on_spraying = config::OnSpraying::wait}) {}
};

TEST_F(SprayedGuard, MakesUnknownRingsComeTwice) {
  know_ring("203.0.113.9");
  EXPECT_FALSE(fake.guard.spray().lasting);
  clock.advance(20min);
  for (int i = 0; i < 60; ++i) {
    guess("10.2." + std::to_string(i) + ".1", "name " + std::to_string(i));
  }
  EXPECT_TRUE(fake.guard.spray().lasting);
  EXPECT_EQ(guess("198.51.100.7").wait, 10s);
  EXPECT_TRUE(log_in("203.0.113.9").looked_at);
  clock.advance(10s);
  EXPECT_TRUE(guess("198.51.100.7").looked_at);
  EXPECT_FALSE(guess("198.51.100.7").looked_at);
}

TEST_F(SprayedGuard, TellsOfTheEndOfASprayThatBeganBeforeAReload) {
  EXPECT_FALSE(fake.guard.spray().lasting);
  clock.advance(20min);
  for (int i = 0; i < 60; ++i) {
    guess("10.2." + std::to_string(i) + ".1", "name " + std::to_string(i));
  }
  EXPECT_TRUE(fake.guard.spray().lasting);
  std::vector<bool> told;
  gatehouse::guard::LoginGuard next(
      test::patient_guard(), clock, Secret("the key of the counts"), fake.devices,
      fake.acquaintances, [&](const Spray& spray) { told.push_back(spray.lasting); },
      fake.guard.memory());
  EXPECT_TRUE(next.spray().lasting);
  clock.advance(20min);
  EXPECT_FALSE(next.spray().lasting);
  EXPECT_EQ(told, std::vector{false});
}

}  // namespace
}  // namespace gatehouse::guard
