#include "session/sync/sync_threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>

#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/thread_shortage.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

/// A SyncThreads of a process in which roy has logged in.
class ClaimTest : public testing::Test {
 protected:
  ClaimTest() { users_.add("roy", "hash of roy"); }
  void start() {
    threads_.emplace(sync_, store_, std::vector<std::string>{"mark"},
                     [this](const std::string&) { ++refused_; });
    threads_->wait_for_first_claim();
  }

  const test::FakeClock clock_;
  test::FakeUserDirectory users_;
  test::FakeSessionStore<> store_{clock_, lifetimes_of({})};
  test::SessionParts parts_{clock_, store_, users_};
  Synchronisation sync_{{}, parts_};
  std::atomic<int> refused_{0};
  std::optional<SyncThreads> threads_;
};

TEST_F(ClaimTest, IsMadeOnceBeforeItIsWaitedFor) {
  start();
  EXPECT_TRUE(threads_->keys_claimed());
  EXPECT_TRUE(threads_->claim_holds());
  EXPECT_EQ(store_.claims, 1);
}

TEST_F(ClaimTest, IsNotWaitedForWhereTheStoreIsAwayAndMadeLater) {
  store_.claim_error = Error{Error::Kind::unavailable, "away"};
  start();
  EXPECT_FALSE(threads_->keys_claimed());
  EXPECT_EQ(refused_, 0);
}

TEST_F(ClaimTest, IsMadeNoMoreWhereTheKeysAreRefused) {
  store_.claim_error = Error{Error::Kind::refused, "strange"};
  start();
  EXPECT_FALSE(threads_->keys_claimed());
  EXPECT_TRUE(test::comes_true_within(std::chrono::seconds(5), [&] { return refused_ == 1; }));
  threads_.reset();
  EXPECT_EQ(store_.claims, 1);
}

/// A logout that was answered with 503 is written though the keys cannot be claimed.
TEST_F(ClaimTest, ThatFailsKeepsNoLogoutFromTheStore) {
  const auto token = parts_.sessions.start(
      {user::UserId("1"), "roy", Secret(std::string("hash of roy"))}, {}, Kind::browser, {}, {});
  ASSERT_TRUE(token);
  const std::array candidates = {token->view()};
  store_.failing_revocations = 2;
  EXPECT_FALSE(parts_.sessions.revoke(candidates));
  store_.claim_error = Error{Error::Kind::failed, "no such table"};
  start();
  EXPECT_TRUE(test::comes_true_within(
      std::chrono::seconds(10), [&] { return store_.list(user::UserId("1")).value().empty(); }));
  EXPECT_FALSE(threads_->keys_claimed());
}

TEST(SyncThreadsTest, WriteRevocationsWhenTheyStopThoughTheStoreComesBackALittleLater) {
  const test::FakeClock clock;
  test::FakeUserDirectory users;
  users.add("roy", "hash of roy");
  test::FakeSessionStore<> store(clock, lifetimes_of({}));
  test::SessionParts parts(clock, store, users);
  Synchronisation sync({}, parts);
  const auto token = parts.sessions.start(
      {user::UserId("1"), "roy", Secret(std::string("hash of roy"))}, {}, Kind::browser, {}, {});
  ASSERT_TRUE(token);
  const std::array candidates = {token->view()};
  store.failing_revocations = 4;
  EXPECT_FALSE(parts.sessions.revoke(candidates));
  {
    const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  }
  EXPECT_THAT(store.list(user::UserId("1")).value(), testing::IsEmpty());
}

class Housekeeping : public testing::Test {
 protected:
  /// Within a tick or two of real time, whatever the clock says.
  static bool soon(const std::atomic<int>& count, int wanted) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (count < wanted && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return count >= wanted;
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
  SyncThreads threads{sync, store, {"mark"}, [](const std::string&) {}};
};

TEST_F(Housekeeping, PurgesAfterAnHourEvenIfTheHostSleptThroughIt) {
  clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(soon(store.purged, 1));
  EXPECT_EQ(store.purged, 1);
}

/// Pages of one session each, so that there is a next one to read at the same time.
class PagedStore : public MemorySessionStore {
 public:
  using MemorySessionStore::MemorySessionStore;
  Result<Page> page(std::optional<std::uint64_t> from) override {
    constexpr std::uint64_t kPages = 5;
    const std::uint64_t number = from.value_or(0);
    StoredSession one{};
    one.user_id = user::UserId("1");
    one.username = "roy";
    one.id.bytes[0] = static_cast<char>(number + 1);
    Page page{{one}, std::nullopt};
    if (number + 1 < kPages) page.next = number + 1;
    return page;
  }
};

/// Ten million sessions take longer to read back than a claim is good for.
TEST(ReadBackOfManySessions, RenewsTheClaimOfTheKeysMeanwhile) {
  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<PagedStore> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
  std::atomic<int> claims{0};
  store.after_page = [&] {
    clock.advance(SessionStore::kKeyUse / 2);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    store.after_page = [&] { claims = store.claims.load(); };
  };
  const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  EXPECT_TRUE(test::comes_true_within(std::chrono::seconds(10), [&] { return claims > 0; }));
  EXPECT_EQ(claims, 2) << "when the second page is read";
}

class SessionsInAThreadShortage : public testing::Test {
 protected:
  test::FakeClock clock;
  test::FakeUserDirectory users;
  PagedStore store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
};

TEST_F(SessionsInAThreadShortage, AreReadBackWithoutAnotherThread) {
  const test::ThreadShortage shortage(0);
  EXPECT_EQ(sync.read_back([] { return true; }), 5U);
}

TEST_F(SessionsInAThreadShortage, FailAtTheStartAndNotLater) {
  for (int left = 0; left < 2; ++left) {
    const test::ThreadShortage shortage(left);
    EXPECT_THROW(SyncThreads(sync, store, {"mark"}, [](const std::string&) {}), std::system_error);
  }
  const test::ThreadShortage shortage(2);
  const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  EXPECT_TRUE(test::comes_true_within(std::chrono::seconds(10),
                                      [&] { return parts.sessions.count() == 5; }));
}

}  // namespace
}  // namespace gatehouse::session
