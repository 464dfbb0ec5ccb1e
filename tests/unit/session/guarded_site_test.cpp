/// Attacks on several hosts, and what they cost the owners. The figures are those of SECURITY.md.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <random>

#include "guarded_site_fixture.h"

namespace gatehouse::session {
namespace {

TEST_F(GuardedSite, GivesAnAddressNoMoreGuessesForLoginsOfItsOwn) {
  add_hosts(1);
  Client attacker{"192.0.2.7"};
  for (int i = 0; i < 25; ++i) guess(0, attacker, fmt::format("name {}", i));
  ASSERT_TRUE(guess(0, attacker, "another"));
  pass(31s);
  for (int i = 0; i < 25; ++i) {
    Client fresh{"192.0.2.7"};
    ASSERT_FALSE(log_in(0, fresh, "own")) << i;
    pass(1s);
  }
  int free = 0;
  while (!guess(0, attacker, fmt::format("more {}", free))) ++free;
  EXPECT_LE(free, 2) << "one for each half minute";
}

TEST_F(GuardedSite, LetsAnAddressGuessAsOftenWithAnAccountOfItsOwn) {
  add_hosts(2);
  Client own{"192.0.2.7"};
  int looked_at = 0;
  for (int second = 0; second < 24 * 3600; ++second) {
    ASSERT_FALSE(log_in(0, own, "own")) << second;
    pass(500ms);
    for (std::size_t host = 0; host < 2; ++host) {
      while (!guess(host, {"192.0.2.7"}, fmt::format("name {}", looked_at))) ++looked_at;
    }
    pass(500ms);
  }
  EXPECT_NEAR(looked_at, 2'900, 40);
}

TEST_F(GuardedSite, GivesAnAddressAsManyGuessesOnThreeHostsAsOnOne) {
  add_hosts(3);
  int looked_at = 0;
  for (int second = 0; second < 24 * 3600; ++second) {
    for (std::size_t host = 0; host < 3; ++host) {
      while (!guess(host, {"192.0.2.7"}, fmt::format("name {}", looked_at))) ++looked_at;
    }
    pass(1s);
  }
  EXPECT_NEAR(looked_at, 2'900, 60) << "each host gives its own at first";
}

TEST_F(GuardedSite, KnowsTheRingOfAnOwnerWhoseDeviceLogsInElsewhereAgainAndAgain) {
  add_hosts(1);
  Client home{"203.0.113.9"};
  EXPECT_FALSE(log_in(0, home, "roy"));
  pass(1s);
  Client phone{"198.51.100.7"};
  for (int second = 0; second < 3600; ++second) {
    guess(0, {fmt::format("10.{}.1.1", second % 200)}, "roy");
    if (second % 5 == 0) {
      ASSERT_FALSE(log_in(0, phone, "roy")) << second;
    }
    pass(1s);
  }
  ASSERT_TRUE(guess(0, {"198.51.101.7"}, "roy"));
  EXPECT_FALSE(log_in(0, home, "roy"));
}

TEST_F(GuardedSite, MakesNoOfficeWaitForTheTyposOfAFew) {
  add_hosts(2);
  std::mt19937 random(22);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same day each time
  std::exponential_distribution<double> apart(1.0 / 5);
  std::bernoulli_distribution mistypes(0.05);
  std::vector<Client> people(200, Client{"192.0.2.7"});
  int refused = 0;
  int logins = 0;
  for (const TimePoint end = clock_.now() + 8h; clock_.now() < end;) {
    const std::size_t person = random() % people.size();
    people[person].device.reset();  // no browser is known
    const auto wait = log_in(random() % 2, people[person],
                             fmt::format("person {} {}", person, logins), !mistypes(random));
    ++logins;
    if (wait) ++refused;
    pass(std::chrono::milliseconds(static_cast<int>(1000 * apart(random))) + kStep);
  }
  EXPECT_EQ(refused, 0) << "of " << logins;
}

TEST_F(GuardedSite, OnTheDayOfDeploymentClosesNoAccountToTheKnownRingOfItsOwner) {
  add_hosts(2);
  constexpr int kAccounts = 200;
  const auto name = [](int account) { return fmt::format("person {}", account); };
  std::vector<Client> homes;
  for (int i = 0; i < kAccounts; ++i) homes.push_back({fmt::format("203.0.{}.9", i)});
  for (int i = 0; i < kAccounts; ++i) {
    ASSERT_FALSE(log_in(0, homes.at(static_cast<std::size_t>(i)), name(i))) << i;
  }
  pass(1s);
  for (int second = 0; second < 24 * 3600; ++second) {
    guess(static_cast<std::size_t>(second % 2), {"192.0.2.7"}, name(second % kAccounts));
    pass(1s);
  }
  for (int i = 0; i < kAccounts; ++i) {
    Client& home = homes.at(static_cast<std::size_t>(i));
    EXPECT_FALSE(log_in(static_cast<std::size_t>(i % 2), home, name(i))) << i;
  }
}

TEST_F(GuardedSite, HidesFromABotWhetherTheOwnerLogsIn) {
  add_hosts(1);
  Client phone{"198.51.100.7"};
  ASSERT_FALSE(log_in(0, phone, "roy"));
  pass(1s);
  std::vector<bool> with_owner;
  std::vector<bool> without;
  for (int second = 0; second < 3600; ++second) {
    with_owner.push_back(!guess(0, {"192.0.2.7"}, "roy"));
    without.push_back(!guess(0, {"192.0.3.7"}, "nobody"));
    if (second % 5 == 0) {
      ASSERT_FALSE(log_in(0, phone, "roy")) << second;
    }
    pass(1s);
  }
  EXPECT_EQ(with_owner, without);
}

}  // namespace
}  // namespace gatehouse::session
