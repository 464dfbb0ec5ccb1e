/// Housekeeping among many users who are active at once, with MySQL some way off.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <iostream>
#include <thread>

#include "session/sessions.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/session_parts.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kActive = 10'000;

/// Each question takes a millisecond, the way to MySQL and back.
class FarDirectory final : public user::UserDirectory {
 public:
  Result<user::Matches> find(const user::Username& name) override {
    ask();
    user::Matches found;
    found.users.push_back({user::UserId(name.text()), name.text(), Secret(std::string("hash"))});
    return found;
  }
  Result<std::string> name_key(const user::Username& name) override { return name.text(); }
  [[nodiscard]] std::size_t most_rows() const noexcept override { return 1; }
  Result<user::Standing> standing(const user::UserId& /*id*/) override {
    ask();
    return user::Standing{};
  }
  std::vector<Result<user::Standing>> standings(std::span<const user::UserId> ids) override {
    ask();
    return std::vector<Result<user::Standing>>(ids.size(), user::Standing{});
  }
  [[nodiscard]] bool writes() const noexcept override { return false; }
  Result<bool> replace_hash(const user::UserId& /*id*/, const Secret& /*old_hash*/,
                            const Secret& /*hash*/) override {
    return false;
  }
  std::chrono::microseconds distance{1000};
  std::atomic<std::size_t> questions{0};
  std::atomic<std::size_t> most_at_once{0};

 private:
  void ask() {
    ++questions;
    const std::size_t now = ++at_once_;
    for (std::size_t most = most_at_once; now > most;) {
      if (most_at_once.compare_exchange_weak(most, now)) break;
    }
    std::this_thread::sleep_for(distance);
    --at_once_;
  }

  std::atomic<std::size_t> at_once_{0};
};

class ManyUsers : public testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t i = 0; i < kActive; ++i) {
      SessionId id;
      std::memcpy(id.bytes.data(), &i, sizeof i);
      const std::string name = "user-" + std::to_string(i);
      const auto user = parts.map.user(user::UserId(name), name);
      user->learn(user::no_roles, Fingerprint{1});
      user->set_checked(clock.now());
      static_cast<void>(parts.map.insert({.id = id,
                                          .user = user,
                                          .kind = Kind::browser,
                                          .created = clock.now(),
                                          .last_used = clock.now(),
                                          .fingerprint = Fingerprint{1},
                                          .epochs = {}}));
    }
    clock.advance(19s);
    for (std::size_t i = 0; i < kActive; ++i) {
      SessionId id;
      std::memcpy(id.bytes.data(), &i, sizeof i);
      static_cast<void>(parts.map.find(id));
    }
    clock.advance(2s);
  }

  test::FakeClock clock;
  FarDirectory users;
  MemorySessionStore store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
};

TEST_F(ManyUsers, AreCheckedBetweenTwoThirdsOfMaxAgeAndItsEnd) {
  const auto computed = test::processor_time_of([&] { sync.check_users([] { return true; }); });
  std::cout << kActive << " users checked by " << users.questions << " questions, "
            << users.most_at_once << " at once, and " << computed.count() << " ms of computing\n";
  // Ten seconds are left of max_age, and each question takes a millisecond.
  EXPECT_LT(users.questions, kActive * 11 / 10);
  EXPECT_EQ(users.most_at_once, 4U);
  EXPECT_LT(computed, 10s);
  EXPECT_GE(users.questions, kActive) << "each name is asked for";
  EXPECT_TRUE(parts.map.users_to_check(clock.now() - 20s, clock.now() - 20s).empty());
}

TEST_F(ManyUsers, AreCheckedNoFurtherOnceItIsToStop) {
  users.distance = std::chrono::microseconds(1);
  std::atomic<int> asked{0};
  sync.check_users([&] { return ++asked < 3; });
  EXPECT_LT(users.questions, 1000U);
}

}  // namespace
}  // namespace gatehouse::session
