/// Where users have logged in from, as the stores keep it.
#include <gmock/gmock.h>

#include "session_store_fixture.h"
#include "support/log_capture.h"

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using session::StoredPlace;
using testing::SizeIs;

constexpr std::string_view kDevice{"\0\x01'\"\\\xff%\n\x80 device", 16};

class LoginPlaces : public SessionStoreTest {
 protected:
  void log_in(std::uint64_t number, const std::string& address, std::string device = "") {
    const auto added = store().add(stored_session(number), {address, "Browser/1.0", device});
    ASSERT_TRUE(added) << added.error().what;
  }
  std::vector<StoredPlace> places(std::chrono::seconds within = 30 * 24h) {
    const auto all = store().places(user::UserId("7"), within);
    EXPECT_TRUE(all) << all.error().what;
    return all.value_or(std::vector<StoredPlace>());
  }
};

INSTANTIATE_TEST_SUITE_P(Store, LoginPlaces, every_storage(), name_of_storage);

TEST_P(LoginPlaces, AreThoseOfTheLatestLoginsFirst) {
  log_in(1, "192.0.2.1");
  let_pass(1h);
  log_in(2, "192.0.2.2", std::string(kDevice));
  add(3, "another user");
  const auto all = places();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].address, "192.0.2.2");
  EXPECT_EQ(all[0].device, kDevice);
  EXPECT_EQ(all[0].fingerprint, stored_session(2).fingerprint);
  EXPECT_LT(all[0].ago, kLate);
  EXPECT_EQ(all[1].address, "192.0.2.1");
  EXPECT_EQ(all[1].device, "");
  EXPECT_GE(all[1].ago, 1h);
  EXPECT_THAT(places(30min), SizeIs(1));
}

TEST_P(LoginPlaces, StayAfterALogout) {
  log_in(1, "192.0.2.1");
  ASSERT_TRUE(store().revoke(session_id(1)));
  ASSERT_THAT(places(), SizeIs(1));
  EXPECT_TRUE(places()[0].current);
}

TEST_P(LoginPlaces, AreNotCurrentAfterAllSessionsWereRevokedButForTheOneThatIsKept) {
  log_in(1, "192.0.2.1");
  log_in(2, "192.0.2.2");
  revoke_user("7", session_id(2));
  const auto all = places();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[0].current);
  EXPECT_FALSE(all[1].current);
  ASSERT_TRUE(store().revoke_all());
  EXPECT_FALSE(places()[0].current);
}

TEST_P(LoginPlaces, OutliveThePurgeOfTheirSessions) {
  log_in(1, "192.0.2.1", std::string(kDevice));
  log_in(2, "192.0.2.1", std::string(kDevice.substr(0, 12)) + "mark");
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
  EXPECT_EQ(device, std::string(kDevice.substr(0, 12)) + "mark") << "that of the latest login";
}

TEST_P(LoginPlaces, FollowARehashAlsoAfterThePurge) {
  log_in(1, "192.0.2.1", std::string(kDevice));
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
    ASSERT_TRUE(store_.add(stored_session(i), {"192.0.2.1", "", std::string(kDevice)}));
  }
  tables_.let_pass(2 * 24h);
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM session"), "0");
  EXPECT_EQ(tables_.value("SELECT GROUP_CONCAT(logins) FROM login_place"), "20,20");
  tables_.run("UPDATE login_place SET good_at = good_at - INTERVAL 31 DAY");
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_place"), "0");
}

/// The tables as the version before 0005_guesses left them, until the end of the test.
class PlacesOfOldTables : public KeptPlaces {
 protected:
  PlacesOfOldTables() {
    tables_.run("DROP TABLE login_place");
    tables_.run("ALTER TABLE session DROP COLUMN device");
    tables_.run("DELETE FROM gatehouse_migration WHERE number = 5");
  }
  ~PlacesOfOldTables() override { const SessionTables whole_again; }
};

TEST_F(PlacesOfOldTables, AreGoneWithoutAndSessionsGoOn) {
  const LogCapture log;
  const user::UserId roy("7");
  ASSERT_TRUE(store_.add(stored_session(1), {"192.0.2.1", "Browser/1.0", std::string(kDevice)}));
  ASSERT_TRUE(store_.find(session_id(1)).value());
  const auto places = store_.places(roy, 24h);
  ASSERT_TRUE(places) << places.error().what;
  ASSERT_THAT(*places, SizeIs(1));
  EXPECT_EQ(places->front().address, "192.0.2.1");
  EXPECT_EQ(places->front().device, "");
  const std::vector<session::Fingerprint> old = {stored_session(1).fingerprint};
  const session::Fingerprint fresh{42};
  ASSERT_TRUE(store_.change_fingerprint(roy, old, fresh, session::HashChange::done));
  EXPECT_EQ(store_.find(session_id(1)).value()->fingerprint, fresh);
  tables_.let_pass(5 * 24h);
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM session"), "0");
  EXPECT_EQ(log.count("where users log in is not kept"), 1U) << "one line a minute";
  EXPECT_EQ(log.count("`gatehouse init` as root"), 1U);
}

TEST_F(PlacesOfOldTables, AreKeptAsSoonAsTheTablesAreThere) {
  ASSERT_TRUE(store_.add(stored_session(1), {"192.0.2.1", "", std::string(kDevice)}));
  const SessionTables migrated;
  ASSERT_TRUE(store_.add(stored_session(2), {"192.0.2.1", "", std::string(kDevice)}));
  ASSERT_THAT(store_.places(user::UserId("7"), 24h).value(), SizeIs(1));
  EXPECT_EQ(store_.places(user::UserId("7"), 24h)->front().device, kDevice);
}

}  // namespace
}  // namespace gatehouse::test
