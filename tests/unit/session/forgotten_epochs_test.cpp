#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "session/sessions.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

constexpr const char* kRoysHash = "hash of roy";

/// As after a backup was restored: the table says lower epochs than this process knows.
class ForgottenEpochsTest : public testing::Test {
 protected:
  class Store final : public MemorySessionStore {
   public:
    using MemorySessionStore::MemorySessionStore;
    Result<Begun> add(const StoredSession& session, const Origin& origin) override {
      return MemorySessionStore::add(session, origin).map([this](const Begun& begun) {
        return Begun{epochs, begun.others};
      });
    }
    Result<bool> raise_user_epoch(const user::UserId& /*id*/, Epoch least) override {
      return raise(epochs.user, least);
    }
    Result<bool> raise_site_epoch(Epoch least) override { return raise(epochs.site, least); }
    Result<Revocations> revocations(microseconds /*window*/) override {
      Revocations revocations;
      revocations.site_epoch = epochs.site;
      revocations.went_back = std::exchange(went_back, false);
      return revocations;
    }
    Epochs epochs{};
    bool went_back = false;

   private:
    static bool raise(Epoch& epoch, Epoch least) {
      if (epoch >= least) return false;
      epoch = least;
      return true;
    }
  };

  ForgottenEpochsTest() { users.add("roy", kRoysHash); }
  Result<Secret> log_in() {
    return parts.sessions.start({user::UserId("1"), "roy", Secret(std::string(kRoysHash))}, {},
                                Kind::browser, {}, {});
  }
  Lookup::State find(const Secret& token) {
    const std::array candidates = {token.view()};
    return parts.sessions.find(candidates, Patience::none).state;
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  Store store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{}, parts};
};

TEST_F(ForgottenEpochsTest, OfEverybodyAreTaughtByAPollAndALoginIsGood) {
  parts.map.revoke_all(Epoch{5});
  ASSERT_TRUE(sync.poll());
  EXPECT_EQ(store.epochs.site, Epoch{5});
  const auto token = log_in();
  ASSERT_TRUE(token);
  EXPECT_EQ(find(*token), Lookup::State::live);
}

TEST_F(ForgottenEpochsTest, OfAUserAreTaughtByALoginThatIsNotAnsweredAsGood) {
  parts.map.revoke_user(user::UserId("1"), Epoch{3});
  const auto refused = log_in();
  ASSERT_FALSE(refused) << "it would be 401 at the next request";
  EXPECT_EQ(refused.error().kind, Error::Kind::unavailable);
  EXPECT_EQ(store.epochs.user, Epoch{3});
  const auto token = log_in();
  ASSERT_TRUE(token);
  EXPECT_EQ(find(*token), Lookup::State::live);
}

TEST_F(ForgottenEpochsTest, RevokeEverythingWhereTheTablesAreOlderThanTheyWere) {
  const auto before = log_in();
  ASSERT_TRUE(before);
  store.went_back = true;
  ASSERT_TRUE(sync.poll());
  EXPECT_EQ(store.epochs.site, Epoch{1});
  EXPECT_NE(find(*before), Lookup::State::live);
  const auto after = log_in();
  ASSERT_TRUE(after);
  ASSERT_TRUE(sync.poll());
  EXPECT_EQ(find(*after), Lookup::State::live);
}

}  // namespace
}  // namespace gatehouse::session
