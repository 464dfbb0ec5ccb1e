#include "password/kdf/engine.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/monitor.h"
#include "password/equaliser.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/recent_peak.h"

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kRounds = 20'000;

std::string by_openssl(std::string_view password, std::uint64_t rounds) {
  std::string out(32, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                    reinterpret_cast<const unsigned char*>("salt"), 4, static_cast<int>(rounds),
                    EVP_sha256(), 32, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

/// Each of `threads` computes hashes of passwords and rounds of its own.
void log_in(unsigned threads, unsigned times) {
  std::vector<std::jthread> all;
  std::atomic<unsigned> wrong{0};
  for (unsigned i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      for (unsigned n = 0; n < times; ++n) {
        const std::string password = "password " + std::to_string(100 * i + n);
        const std::uint64_t rounds = 1 + (kRounds / 7) * ((i + n) % 7);
        if (pbkdf2(Digest::sha256, password, "salt", rounds, 32) != by_openssl(password, rounds)) {
          ++wrong;
        }
        static_cast<void>(pbkdf2(Digest::sha512, password, "salt", rounds / 4 + 1, 64));
      }
    });
  }
  all.clear();
  EXPECT_EQ(wrong, 0U);
}

TEST(EngineTest, ComputesOnTheCallersThreadWhereThereIsNone) {
  const auto before = charged_time();
  log_in(2, 2);
  EXPECT_EQ(pbkdf2(Digest::sha256, "p", "salt", kRounds, 32), by_openssl("p", kRounds));
  EXPECT_EQ(charged_time(), before);
}

TEST(EngineTest, GivesEveryLoginItsOwnHash) {
  const Engine engine({.usual = 1, .idle = 1});
  log_in(12, 10);
}

/// How often the thread of an engine has gone to sleep. There must be one.
std::uint64_t sleeps_of_the_thread() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    std::ifstream status(task.path() / "status");
    for (std::string line; name == "hash" && std::getline(status, line);) {
      constexpr std::string_view kLabel = "voluntary_ctxt_switches:";
      if (line.starts_with(kLabel)) return std::stoull(line.substr(kLabel.size()));
    }
  }
  ADD_FAILURE() << "there is no such thread";
  return 0;
}

/// How often it sleeps while so many logins are under way, each of which takes a minute.
std::uint64_t sleeps_beside(unsigned logins) {
  constexpr std::uint64_t kMinuteOfRounds = 1'000'000'000;
  Engine engine({.usual = 1});
  std::vector<std::jthread> all;
  for (unsigned i = 0; i < logins; ++i) {
    all.emplace_back([] {
      const Turn turn;
      try {
        static_cast<void>(pbkdf2(Digest::sha256, "p", "salt", kMinuteOfRounds, 32));
      } catch (const CoreRefused&) {  // the end of the test
      }
    });
  }
  std::this_thread::sleep_for(100ms);  // so that all have come
  const std::uint64_t before = sleeps_of_the_thread();
  std::this_thread::sleep_for(300ms);
  const std::uint64_t sleeps = sleeps_of_the_thread() - before;
  engine.refuse_cores();
  all.clear();
  return sleeps;
}

TEST(EngineTest, RestsBetweenSlicesUnlessALoginIsAlone) {
  EXPECT_LT(sleeps_beside(1), 5U);
  EXPECT_GT(sleeps_beside(4), 10U);
}

TEST(RecentPeakTest, IsThatOfThisSecondAndTheOneBefore) {
  const RecentPeak::Time start{100s};
  RecentPeak peak;
  peak.add(start, 3);
  peak.add(start + 200ms, 7);
  peak.add(start + 900ms, 2);
  EXPECT_EQ(peak.value(start + 950ms), 7U);
  peak.add(start + 1100ms, 4);
  EXPECT_EQ(peak.value(start + 1900ms), 7U);
  EXPECT_EQ(peak.value(start + 2000ms), 4U);
  EXPECT_EQ(peak.value(start + 9000ms), 0U);
}

TEST(EngineTest, CrowdingCountsLoginsForEachThread) {
  EXPECT_EQ(crowding(), 1U);  // since there is no engine
  const Engine engine({.usual = 2, .cores_without_kernel = 2});
  Monitor<unsigned> begun{0U};
  Monitor<bool> over{false};
  std::vector<std::jthread> logins;
  for (unsigned i = 0; i < 5; ++i) {
    logins.emplace_back([&] {
      const UnderWay login;
      begun.change([](unsigned& count) { ++count; });
      over.wait({}, [](bool is) { return is; });
    });
  }
  begun.wait({}, [](unsigned count) { return count == 5; });
  EXPECT_EQ(crowding(), 4U);  // three for the one thread, and one more
  over.change([](bool& is) { is = true; });
}

TEST(EngineTest, RefusesACoreToThoseWhoWaitAtTheEnd) {
  Engine engine({.usual = 1, .cores_without_kernel = 1});
  const Turn turn;
  const CoreShare held;
  std::atomic<bool> refused{false};
  Monitor<bool> waits{false};
  {
    const std::jthread other([&] {
      const Turn its_turn;
      waits.change([](bool& does) { does = true; });
      try {
        const CoreShare mine;
      } catch (const CoreRefused&) {
        refused = true;
      }
    });
    waits.wait({}, [](bool does) { return does; });
    engine.refuse_cores();
  }
  EXPECT_TRUE(refused);
}

TEST(EngineTest, RefusesFurtherFunctionsOnACoreThatALoginHas) {
  Engine engine({.usual = 1, .cores_without_kernel = 1});
  const Turn turn;
  { const CoreShare first; }
  { const CoreShare second; }
  engine.refuse_cores();
  EXPECT_THROW(const CoreShare third, CoreRefused);
}

/// True if it is refused.
bool is_refused(std::uint64_t rounds) {
  try {
    static_cast<void>(pbkdf2(Digest::sha256, "p", "salt", rounds, 32));
  } catch (const CoreRefused&) {
    return true;
  }
  return false;
}

TEST(EngineTest, RefusesTheChainsOfTurnsAtTheEndThatAreUnderWay) {
  constexpr std::uint64_t kMinuteOfRounds = 1'000'000'000;
  auto engine = std::make_unique<Engine>(Engine::Threads{.usual = 1, .idle = 1});
  std::atomic<unsigned> refused{0};
  {
    std::vector<std::jthread> logins;
    for (int i = 0; i < 12; ++i) {
      logins.emplace_back([&] {
        const Turn turn;
        if (is_refused(kMinuteOfRounds)) ++refused;
      });
    }
    std::this_thread::sleep_for(20ms);
    engine->refuse_cores();
  }
  EXPECT_EQ(refused, 12U);
  const Turn turn;
  EXPECT_TRUE(is_refused(kRounds)) << "one that comes later";
  engine.reset();
  EXPECT_FALSE(is_refused(kRounds)) << "when there is no engine";
}

TEST(EngineTest, FinishesAtTheEndWhatIsNoTurns) {
  Engine engine({.usual = 1});
  std::jthread other([&] { EXPECT_FALSE(is_refused(50 * kRounds)); });
  std::this_thread::sleep_for(5ms);
  engine.refuse_cores();
  EXPECT_FALSE(is_refused(kRounds));
}

/// A run beside seven others is charged as much as one that is alone, and twice the rounds twice.
TEST(EngineTest, ChargesALoginForItsRoundsWhoeverIsBesideIt) {
  const Engine engine({.usual = 1});
  const auto charge_of = [](std::uint64_t rounds) {
    const auto before = this_processor().used();
    static_cast<void>(pbkdf2(Digest::sha256, "p", "salt", rounds, 32));
    return std::chrono::duration<double>(this_processor().used() - before).count();
  };
  for (int i = 0; i < 3; ++i) static_cast<void>(charge_of(200'000));
  const double alone = charge_of(200'000);
  EXPECT_GT(alone, 0);
  std::vector<double> beside(8);
  {
    std::vector<std::jthread> all;
    for (double& each : beside) all.emplace_back([&] { each = charge_of(200'000); });
  }
  for (const double each : beside) EXPECT_NEAR(each / alone, 1, 0.25);
  EXPECT_NEAR(charge_of(400'000) / alone, 2, 0.5);
}

/// Which of two logins ends first, of which one begins first and lets `behind` others go before it.
/// They have different kernels, so that they do not run beside each other.
std::string first_to_end(std::uint64_t behind) {
  const Engine engine({.usual = 1});
  Monitor<bool> begun{false};
  Monitor<std::vector<std::string>> ended;
  const auto end = [&](const char* name) {
    ended.change([&](std::vector<std::string>& names) { names.emplace_back(name); });
  };
  std::jthread first([&] {
    const Turn turn(behind);
    begun.change([](bool& is) { is = true; });
    static_cast<void>(pbkdf2(Digest::sha512, "p", "salt", 20 * kRounds, 64));
    end("first");
  });
  begun.wait({}, [](bool is) { return is; });
  std::jthread second([&] {
    const Turn turn;
    static_cast<void>(pbkdf2(Digest::sha256, "p", "salt", 20 * kRounds, 32));
    end("second");
  });
  first.join();
  second.join();
  return ended.with([](const std::vector<std::string>& names) { return names.front(); });
}

TEST(EngineTest, LetsALoginGoBeforeOneThatStandsBehind) {
  EXPECT_EQ(first_to_end(0), "first");
  EXPECT_EQ(first_to_end(8), "second");
}

TEST(EngineTest, FinishesWhatRunsWhenItEnds) {
  for (int i = 0; i < 6; ++i) {
    auto engine = std::make_unique<Engine>(Engine::Threads{.usual = 1, .idle = 1});
    std::jthread ends([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(3 * i));
      engine.reset();
    });
    log_in(4, 2);
  }
}

TEST(EngineTest, MayBeThereTwice) {
  const Engine first({.usual = 1});
  auto second = std::make_unique<Engine>(Engine::Threads{.usual = 1, .idle = 2});
  log_in(4, 2);
  second.reset();
  log_in(4, 2);
}

/// The most that compute at the same time what has no kernel.
unsigned most_at_once(unsigned threads, bool within_turns) {
  std::atomic<unsigned> now{0};
  std::atomic<unsigned> most{0};
  {
    std::vector<std::jthread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        std::optional<Turn> turn;
        if (within_turns) turn.emplace();
        for (int n = 0; n < 3; ++n) {
          const CoreShare core;
          unsigned seen = most;
          const unsigned mine = ++now;
          while (seen < mine && !most.compare_exchange_weak(seen, mine)) {
          }
          std::this_thread::sleep_for(2ms);
          --now;
        }
      });
    }
  }
  return most;
}

TEST(EngineTest, LetsNoMoreThanItsCoresComputeWhatHasNoKernel) {
  const Engine engine({.usual = 2, .cores_without_kernel = 2});
  EXPECT_EQ(most_at_once(8, false), 2U);
  EXPECT_EQ(most_at_once(8, true), 2U);
}

TEST(EngineTest, LetsALoginKeepItsCoreToTheEndOfItsTurn) {
  const Engine engine({.usual = 1});
  Monitor<int> step(0);
  std::jthread other;
  bool had_it_early = false;
  {
    const Turn turn;
    { const CoreShare first; }
    other = std::jthread([&] {
      const CoreShare core;
      step.change([](int& at) { at = 1; });
    });
    had_it_early = step.wait_for({}, 50ms, [](int at) { return at == 1; });
    const CoreShare second;
  }
  EXPECT_FALSE(had_it_early);
  EXPECT_TRUE(step.wait_for({}, 10s, [](int at) { return at == 1; }));
}

}  // namespace
}  // namespace gatehouse::password
