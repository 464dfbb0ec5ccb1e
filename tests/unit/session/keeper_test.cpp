#include "session/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "support/fakes/session_parts.h"

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
  std::atomic<int> failures{0};  ///< of the next calls
};

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
