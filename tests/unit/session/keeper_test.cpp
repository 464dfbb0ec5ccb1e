#include "session/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <optional>

#include "support/fakes/session_parts.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

class ForgetfulStore final : public MemorySessionStore {
 public:
  using MemorySessionStore::MemorySessionStore;
  Result<void> revoke(const SessionId& id) override {
    if (failures > 0) {
      --failures;
      return fail(Error::Kind::unavailable, "away");
    }
    return MemorySessionStore::revoke(id);
  }
  Result<void> claim(std::span<const std::string> /*marks*/) override {
    ++claims;
    if (claim_error) return tl::unexpected(*claim_error);
    return {};
  }
  std::atomic<int> failures{0};  ///< of the next calls
  std::atomic<int> claims{0};
  std::optional<Error> claim_error;  ///< set before the Keeper starts
};

/// A Keeper of a process in which roy has logged in.
class ClaimTest : public testing::Test {
 protected:
  ClaimTest() { users_.add("roy", "hash of roy"); }
  void start() {
    keeper_.emplace(upkeep_, store_, std::vector<std::string>{"mark"},
                    [this](const std::string&) { ++refused_; });
    keeper_->wait_for_first_claim();
  }

  const test::FakeClock clock_;
  test::FakeUserDirectory users_;
  ForgetfulStore store_{clock_, lifetimes_of({})};
  test::SessionParts parts_{clock_, store_, users_};
  Upkeep upkeep_{{}, parts_.cache, parts_.freshness};
  std::atomic<int> refused_{0};
  std::optional<Keeper> keeper_;
};

TEST_F(ClaimTest, IsMadeOnceBeforeItIsWaitedFor) {
  start();
  EXPECT_TRUE(keeper_->claimed());
  EXPECT_TRUE(keeper_->claim_holds());
  EXPECT_EQ(store_.claims, 1);
}

TEST_F(ClaimTest, IsNotWaitedForWhereTheStoreIsAwayAndMadeLater) {
  store_.claim_error = Error{Error::Kind::unavailable, "away"};
  start();
  EXPECT_FALSE(keeper_->claimed());
  EXPECT_EQ(refused_, 0);
}

TEST_F(ClaimTest, IsMadeNoMoreWhereTheKeysAreRefused) {
  store_.claim_error = Error{Error::Kind::refused, "strange"};
  start();
  EXPECT_FALSE(keeper_->claimed());
  EXPECT_TRUE(test::comes_true_within(std::chrono::seconds(5), [&] { return refused_ == 1; }));
  keeper_.reset();
  EXPECT_EQ(store_.claims, 1);
}

/// A logout that was answered with 503 is written though the keys cannot be claimed.
TEST_F(ClaimTest, ThatFailsKeepsNoLogoutFromTheStore) {
  const auto token = parts_.sessions.start({"1", "roy", Secret(std::string("hash of roy"))}, {},
                                           Kind::browser, {}, {});
  ASSERT_TRUE(token);
  const std::array candidates = {token->view()};
  store_.failures = 2;
  EXPECT_FALSE(parts_.sessions.end(candidates));
  store_.claim_error = Error{Error::Kind::failed, "no such table"};
  start();
  EXPECT_TRUE(test::comes_true_within(std::chrono::seconds(10),
                                      [&] { return store_.list("1").value().empty(); }));
  EXPECT_FALSE(keeper_->claimed());
}

TEST(KeeperTest, WritesAtItsEndWhatWasEndedWhileTheStoreWasAwayThoughItComesBackALittleLater) {
  const test::FakeClock clock;
  test::FakeUserDirectory users;
  users.add("roy", "hash of roy");
  ForgetfulStore store(clock, lifetimes_of({}));
  test::SessionParts parts(clock, store, users);
  Upkeep upkeep({}, parts.cache, parts.freshness);
  const auto token = parts.sessions.start({"1", "roy", Secret(std::string("hash of roy"))}, {},
                                          Kind::browser, {}, {});
  ASSERT_TRUE(token);
  const std::array candidates = {token->view()};
  store.failures = 4;
  EXPECT_FALSE(parts.sessions.end(candidates));
  {
    const Keeper keeper(upkeep, store, {"mark"}, [](const std::string&) {});
  }
  EXPECT_THAT(store.list("1").value(), testing::IsEmpty());
}

}  // namespace
}  // namespace gatehouse::session
