/// Where users have logged in from, as the stores keep it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "session_store_fixture.h"

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using session::StoredPlace;
using testing::SizeIs;

constexpr std::string_view kAwkwardDevice{"\0\x01'\"\\\xff%\n\x80 device", 16};

class LoginPlaces : public SessionStoreTest {
 protected:
  void log_in(std::uint64_t number, const std::string& address, std::string device = "") {
    const auto added = store().add(stored_session(number), {address, "Browser/1.0", device});
    ASSERT_TRUE(added) << added.error().what;
    const auto noted = store().note_logins(std::array{session_id(number)});
    ASSERT_TRUE(noted) << noted.error().what;
  }
  /// Those of the places, the latest login first.
  std::vector<std::string> addresses() {
    std::vector<std::string> all;
    for (const StoredPlace& place : places()) {
      if (!place.address.empty()) all.push_back(place.address);
    }
    return all;
  }
  std::vector<StoredPlace> places(std::chrono::seconds within = 30 * 24h) {
    const auto all = store().places(user::UserId("7"), within);
    EXPECT_TRUE(all) << all.error().what;
    return all.value_or(std::vector<StoredPlace>());
  }
};

INSTANTIATE_TEST_SUITE_P(Store, LoginPlaces, every_storage(), name_of_storage);

TEST_P(LoginPlaces, AreAddressesAndDevices) {
  log_in(1, "192.0.2.1");
  let_pass(1h);
  log_in(2, "192.0.2.2", std::string(kAwkwardDevice));
  add(3, "another user");
  EXPECT_THAT(addresses(), testing::ElementsAre("192.0.2.2", "192.0.2.1"));
  const auto all = places();
  const auto device = std::find_if(all.begin(), all.end(),
                                   [](const StoredPlace& place) { return !place.device.empty(); });
  ASSERT_NE(device, all.end());
  EXPECT_EQ(device->device, kAwkwardDevice);
  EXPECT_EQ(device->fingerprint, stored_session(2).fingerprint);
  EXPECT_LT(device->ago, kLate);
  EXPECT_GE(all.back().ago, 1h);
  EXPECT_THAT(places(30min), SizeIs(2));
}

TEST_P(LoginPlaces, AreOneForTheNetworkOfAnIpv6Address) {
  log_in(1, "2001:db8:1:2::3");
  log_in(2, "2001:db8:1:2:ffff::1");
  log_in(3, "2001:db8:0:0:1::1");
  log_in(4, "unknown");
  EXPECT_THAT(addresses(), testing::UnorderedElementsAre("2001:db8:1:2:ffff::1",
                                                         "2001:db8:0:0:1::1", "unknown"));
}

TEST_P(LoginPlaces, AreNotForgottenForManyLoginsElsewhere) {
  log_in(1, "203.0.113.9", std::string(kAwkwardDevice));
  log_in(2, "203.0.113.9", std::string(kAwkwardDevice));
  for (std::uint64_t i = 3; i < 300; ++i) {
    // One that keeps no cookies.
    log_in(i, "198.51.100.7", fmt::format("{:012}mark", i));
  }
  EXPECT_THAT(addresses(), testing::UnorderedElementsAre("203.0.113.9", "198.51.100.7"));
  const auto all = places();
  EXPECT_LE(all.size(), 60U);
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [](const StoredPlace& place) { return place.device == kAwkwardDevice; }));
}

TEST_P(LoginPlaces, AreThoseOfManyLoginsThatAreNotedAtOnce) {
  const std::string device(kAwkwardDevice.substr(0, 12));
  std::vector<session::SessionId> ids;
  for (std::uint64_t i = 1; i <= 12; ++i) {
    ids.push_back(session_id(i));
    ASSERT_TRUE(store().add(stored_session(i), {fmt::format("192.0.2.{}", i), "Browser/1.0",
                                                device + fmt::format("{:04}", i)}));
  }
  const auto noted = store().note_logins(ids);
  ASSERT_TRUE(noted) << noted.error().what;
  EXPECT_THAT(addresses(), SizeIs(12));
  const auto all = places();
  const auto latest = std::find_if(all.begin(), all.end(),
                                   [](const StoredPlace& place) { return !place.device.empty(); });
  ASSERT_NE(latest, all.end());
  EXPECT_EQ(latest->device, device + "0012") << "that of the latest login";
}

TEST_P(LoginPlaces, StayAfterALogout) {
  log_in(1, "192.0.2.1");
  ASSERT_TRUE(store().revoke(session_id(1)));
  ASSERT_THAT(places(), SizeIs(1));
  EXPECT_TRUE(places()[0].current);
}

TEST_P(LoginPlaces, AreNotCurrentAfterAllSessionsWereRevokedButForTheDeviceThatIsKept) {
  const std::string kept = "device that stays";
  const std::string other = "another of theirs";
  log_in(1, "192.0.2.1", other.substr(0, 16));
  log_in(2, "192.0.2.2", kept.substr(0, 16));
  revoke_user("7", session_id(2));
  for (const StoredPlace& place : places()) {
    if (place.device.empty()) continue;
    EXPECT_EQ(place.current, place.device == kept.substr(0, 16)) << place.device;
  }
  ASSERT_TRUE(store().revoke_all());
  for (const StoredPlace& place : places()) EXPECT_FALSE(place.current) << place.device;
}

TEST_P(LoginPlaces, FollowAChangeOfThePasswordFromTheirSession) {
  log_in(1, "192.0.2.1", std::string(kAwkwardDevice));
  const session::Fingerprint fresh{42};
  ASSERT_TRUE(store().change_fingerprint(session_id(1), fresh, session::HashChange::done));
  bool followed = false;
  for (const StoredPlace& place : places()) {
    followed = followed || (place.device == kAwkwardDevice && place.fingerprint == fresh);
  }
  EXPECT_TRUE(followed);
}

TEST_P(LoginPlaces, OutliveThePurgeOfTheirSessions) {
  log_in(1, "192.0.2.1", std::string(kAwkwardDevice));
  log_in(2, "192.0.2.1", std::string(kAwkwardDevice.substr(0, 12)) + "mark");
  let_pass(5 * 24h);
  ASSERT_TRUE(store().purge());
  EXPECT_TRUE(listed("7").empty());
  bool address = false;
  std::string device;
  for (const StoredPlace& place : places()) {
    address = address || place.address == "192.0.2.1";
    if (device.empty()) device = place.device;
    EXPECT_GE(place.ago, 5 * 24h);
    EXPECT_TRUE(place.current);
  }
  EXPECT_TRUE(address);
  EXPECT_EQ(device, std::string(kAwkwardDevice.substr(0, 12)) + "mark")
      << "that of the latest login";
}

TEST_P(LoginPlaces, FollowARehashAlsoAfterThePurge) {
  log_in(1, "192.0.2.1", std::string(kAwkwardDevice));
  let_pass(5 * 24h);
  ASSERT_TRUE(store().purge());
  const std::vector<session::Fingerprint> old = {stored_session(1).fingerprint};
  const session::Fingerprint fresh{42};
  ASSERT_TRUE(store().change_fingerprint(user::UserId("7"), old, fresh, session::HashChange::done));
  bool followed = false;
  for (const StoredPlace& place : places()) followed = followed || place.fingerprint == fresh;
  EXPECT_TRUE(followed);
}

class KeptPlaces : public testing::Test {
 protected:
  SessionTables tables_;
  session::MysqlSessionStore store_{tables_.pool(), kTestLifetimes};
};

TEST_F(KeptPlaces, AreOneRowForEachAddressAndDeviceAndGoAfterTheirTime) {
  for (std::uint64_t i = 1; i <= 20; ++i) {
    ASSERT_TRUE(store_.add(stored_session(i), {"192.0.2.1", "", std::string(kAwkwardDevice)}));
    ASSERT_TRUE(store_.note_logins(std::array{session_id(i)}));
  }
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(logins) FROM login_place"), "20,20");
  tables_.let_pass(2 * 24h);
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM session"), "0");
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(logins) FROM login_place"), "20,20");
  tables_.run("UPDATE login_place SET good_at = good_at - INTERVAL 31 DAY");
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_place"), "0");
}

TEST_F(KeptPlaces, CountEachOfManyLoginsThatAreNotedAtOnce) {
  std::vector<session::SessionId> ids;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    ids.push_back(session_id(i));
    ASSERT_TRUE(store_.add(stored_session(i), {"192.0.2.1", "", std::string(kAwkwardDevice)}));
  }
  ASSERT_TRUE(store_.note_logins(ids));
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(logins) FROM login_place"), "20,20");
}

TEST_F(KeptPlaces, AreFewOfAClientThatKeepsNoCookiesThoughItsLoginsAreNotedAtOnce) {
  std::vector<session::SessionId> ids;
  for (std::uint64_t i = 1; i <= 120; ++i) {
    ids.push_back(session_id(i));
    ASSERT_TRUE(store_.add(stored_session(i), {"192.0.2.1", "", fmt::format("{:012}mark", i)}));
  }
  ASSERT_TRUE(store_.note_logins(ids));
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_place"), "51");
}

TEST_F(KeptPlaces, AreKeptByThePurgeWhereALoginCouldNotBeNoted) {
  ASSERT_TRUE(store_.add(stored_session(1), {"2001:db8:1:2::3", "", std::string(kAwkwardDevice)}));
  tables_.let_pass(2 * 24h);
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT place FROM login_place WHERE place LIKE 'a%'"),
            "a2001:db8:1:2::/64");
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_place"), "2");
}

TEST_F(KeptPlaces, AreFewOfAClientThatKeepsNoCookies) {
  for (std::uint64_t i = 1; i <= 120; ++i) {
    ASSERT_TRUE(store_.add(stored_session(i), {"192.0.2.1", "", fmt::format("{:012}mark", i)}));
    ASSERT_TRUE(store_.note_logins(std::array{session_id(i)}));
  }
  EXPECT_LE(std::stoi(tables_.value("SELECT COUNT(*) FROM login_place")), 101);
}

}  // namespace
}  // namespace gatehouse::test
