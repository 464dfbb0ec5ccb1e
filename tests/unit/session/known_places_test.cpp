#include "session/known_places.h"

#include <gtest/gtest.h>

#include "session/store/memory_session_store.h"
#include "support/fake_clock.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

class KnownPlacesTest : public testing::Test {
 protected:
  /// A login of the user 7 whose stored hash is `hash`.
  SessionId log_in(const std::string& address, const std::string& device = "",
                   std::string_view hash = "a hash") {
    StoredSession session{.id = {}, .user_id = user::UserId("7"), .username = "roy"};
    session.id.bytes[0] = static_cast<char>(++logins_);
    session.fingerprint = prints_.of(session.user_id, hash);
    EXPECT_TRUE(store_.add(session, {address, "Browser/1.0", device}));
    return session.id;
  }
  guard::Known known(std::string_view ring, const std::string& device = "",
                     std::string_view hash = "a hash") {
    std::optional<guard::DeviceId> id;
    if (!device.empty()) {
      id.emplace();
      std::copy(device.begin(), device.end(), id->begin());
    }
    return places_.of({"7", hash}, ring, id);
  }
  static std::string device(int number, int mark) {
    return "device " + std::string(number < 10 ? "0" : "") + std::to_string(number) + "   " +
           "mrk" + std::to_string(mark);
  }

  test::FakeClock clock_;
  MemorySessionStore store_{clock_, lifetimes_of({})};
  const KeyRing keys_ = test::test_keys();
  Fingerprints prints_{keys_};
  KnownPlaces places_{store_, keys_, 30 * 24h};
  int logins_ = 0;
};

TEST_F(KnownPlacesTest, AreTheRingsOfLoginsOfTheLastThirtyDays) {
  EXPECT_FALSE(known("192.0.2.7").ring);
  log_in("192.0.2.7");
  EXPECT_TRUE(known("192.0.2.7").ring);
  EXPECT_FALSE(known("192.0.2.8").ring);
  clock_.advance(30 * 24h + 1s);
  EXPECT_FALSE(known("192.0.2.7").ring);
}

TEST_F(KnownPlacesTest, TakeTheNetworkOfAnIpv6Address) {
  log_in("2001:db8:1:2::3");
  EXPECT_TRUE(known("2001:db8:1:2::/64").ring);
  EXPECT_FALSE(known("2001:db8:1:3::/64").ring);
}

TEST_F(KnownPlacesTest, HaveADeviceWithTheMarkOfItsLatestLogin) {
  log_in("192.0.2.7", device(1, 1));
  EXPECT_TRUE(known("198.51.100.1", device(1, 1)).device);
  log_in("192.0.2.7", device(1, 2));
  EXPECT_FALSE(known("198.51.100.1", device(1, 1)).device) << "a copy from before";
  EXPECT_TRUE(known("198.51.100.1", device(1, 2)).device);
  EXPECT_FALSE(known("198.51.100.1", device(2, 2)).device);
}

TEST_F(KnownPlacesTest, HaveNoDeviceFromBeforeAChangeOfThePassword) {
  log_in("192.0.2.7", device(1, 1));
  EXPECT_FALSE(known("198.51.100.1", device(1, 1), "a new hash").device);
  EXPECT_TRUE(known("192.0.2.7", device(1, 1), "a new hash").ring);
}

TEST_F(KnownPlacesTest, FollowARehashOfTheSamePassword) {
  log_in("192.0.2.7", device(1, 1));
  const user::UserId id("7");
  const auto old = prints_.all_of(id, "a hash");
  const auto fresh = prints_.of(id, "a stronger hash");
  EXPECT_TRUE(store_.change_fingerprint(id, old, fresh, HashChange::begins));
  EXPECT_TRUE(known("198.51.100.1", device(1, 1)).device);
  EXPECT_TRUE(known("198.51.100.1", device(1, 1), "a stronger hash").device);
  EXPECT_TRUE(store_.change_fingerprint(id, old, fresh, HashChange::done));
  EXPECT_TRUE(known("198.51.100.1", device(1, 1), "a stronger hash").device);
}

TEST_F(KnownPlacesTest, HaveNoDeviceFromBeforeALogoutEverywhereButTheOneThatAskedForIt) {
  log_in("192.0.2.7", device(1, 1));
  const SessionId kept = log_in("192.0.2.7", device(2, 1));
  ASSERT_TRUE(store_.revoke_user(user::UserId("7"), kept));
  EXPECT_FALSE(known("198.51.100.1", device(1, 1)).device);
  EXPECT_TRUE(known("198.51.100.1", device(2, 1)).device);
  ASSERT_TRUE(store_.revoke_all());
  EXPECT_FALSE(known("198.51.100.1", device(2, 1)).device);
}

TEST_F(KnownPlacesTest, KeepADeviceOverALogout) {
  const SessionId id = log_in("192.0.2.7", device(1, 1));
  ASSERT_TRUE(store_.revoke(id));
  EXPECT_TRUE(known("198.51.100.1", device(1, 1)).device);
}

TEST_F(KnownPlacesTest, HaveTenDevicesThoseFirstThatHaveComeBack) {
  log_in("192.0.2.7", device(1, 1));
  log_in("192.0.2.7", device(1, 2));
  for (int i = 10; i < 30; ++i) log_in("192.0.2.7", device(i, 1));
  EXPECT_TRUE(known("198.51.100.1", device(1, 2)).device) << "a client that keeps no cookies";
  int devices = 0;
  for (int i = 10; i < 30; ++i) devices += known("198.51.100.1", device(i, 1)).device ? 1 : 0;
  EXPECT_EQ(devices, 9);
}

}  // namespace
}  // namespace gatehouse::session
