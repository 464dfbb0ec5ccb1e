#include "session/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "support/fake_clock.h"

namespace gatehouse::session {
namespace {

class MockStore : public SessionStore {
 public:
  MOCK_METHOD(Result<void>, add, (const Session&), (override));
  MOCK_METHOD(Result<void>, revoke, (const SessionId&), (override));
};

class SessionsTest : public testing::Test {
 protected:
  Secret start(std::span<const std::string_view> candidates = {}) {
    auto token = sessions.start({.id = "7", .name = "roy"}, candidates);
    EXPECT_TRUE(token);
    return std::move(*token);
  }
  bool live(const Secret& token) {
    const std::array candidates = {token.view()};
    return sessions.find(candidates).has_value();
  }

  test::FakeClock clock;
  testing::NiceMock<MockStore> store;
  KeyRing keys = *KeyRing::parse(Secret(std::string(43, 'A')));
  Sessions sessions{clock, config::Session{}, keys, store};
};

TEST_F(SessionsTest, FindTheirUserByTheToken) {
  const Secret token = start();
  const std::array<std::string_view, 3> candidates = {"nonsense", token.view(), token.view()};
  const auto session = sessions.find(candidates);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->user->name, "roy");
}

TEST_F(SessionsTest, DoNotChooseBetweenTwoLiveOnes) {
  const Secret first = start();
  const Secret second = start();
  const std::array candidates = {first.view(), second.view()};
  EXPECT_FALSE(sessions.find(candidates));
}

TEST_F(SessionsTest, EndTheOneThatTheBrowserBroughtToALogin) {
  const Secret first = start();
  const std::array candidates = {first.view()};
  const Secret second = start(candidates);
  EXPECT_FALSE(live(first));
  EXPECT_TRUE(live(second));
}

TEST_F(SessionsTest, RevokeEveryGenuineTokenAtLogoutAndNoOther) {
  const Secret first = start();
  const Secret second = start();
  EXPECT_CALL(store, revoke).Times(2).WillRepeatedly(testing::Return(Result<void>()));
  const std::array<std::string_view, 3> candidates = {first.view(), "invented", second.view()};
  EXPECT_TRUE(sessions.end(candidates));
  EXPECT_FALSE(live(first));
  EXPECT_FALSE(live(second));
}

TEST_F(SessionsTest, BeginNothingThatTheStoreDidNotTake) {
  EXPECT_CALL(store, add).WillOnce([](const Session&) -> Result<void> {
    return fail(Error::Kind::unavailable, "away");
  });
  EXPECT_FALSE(sessions.start({.id = "7", .name = "roy"}, {}));
  EXPECT_EQ(sessions.count(), 0U);
}

TEST_F(SessionsTest, AreRefusedHereEvenWhenTheStoreCannotNoteTheLogout) {
  const Secret token = start();
  EXPECT_CALL(store, revoke).WillOnce([](const SessionId&) -> Result<void> {
    return fail(Error::Kind::unavailable, "away");
  });
  const std::array candidates = {token.view()};
  EXPECT_FALSE(sessions.end(candidates));
  EXPECT_FALSE(live(token));
}

}  // namespace
}  // namespace gatehouse::session
