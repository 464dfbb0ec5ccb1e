/// The links of `gatehouse user link`, as the stores keep them.
#include <gmock/gmock.h>

#include <future>
#include <vector>

#include "session/known_places.h"
#include "session_store_fixture.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using session::Fingerprint;

constexpr std::string_view kLinkedDevice{"\0\x01'\"\\\xff%\n\x80 device", 16};

guard::DeviceLink link_of(char number, std::string user = "7") {
  guard::DeviceLink link{{}, std::move(user)};
  link.id.fill(static_cast<char>(number | 0x80));  // no UTF-8
  link.id[3] = '\'';
  return link;
}

class DeviceLinks : public SessionStoreTest {
 protected:
  void keep(const guard::DeviceLink& link, Fingerprint print = Fingerprint{7}) {
    const auto kept = store().keep_link(link, print);
    ASSERT_TRUE(kept) << kept.error().what;
  }
  bool use(const guard::DeviceLink& link, std::string_view device = kLinkedDevice) {
    const auto used = store().use_link(link, std::string(device));
    EXPECT_TRUE(used) << used.error().what;
    return used.value_or(false);
  }
  std::vector<session::StoredPlace> devices() {
    auto all =
        store().places(user::UserId("7"), 720h).value_or(std::vector<session::StoredPlace>());
    std::erase_if(all, [](const auto& place) { return place.device.empty(); });
    return all;
  }
};

INSTANTIATE_TEST_SUITE_P(Store, DeviceLinks, every_storage(), name_of_storage);

TEST_P(DeviceLinks, MakeADeviceKnownOnce) {
  keep(link_of(1));
  EXPECT_TRUE(devices().empty()) << "not before it is opened";
  EXPECT_TRUE(use(link_of(1)));
  ASSERT_THAT(devices(), testing::SizeIs(1));
  EXPECT_EQ(devices()[0].device, kLinkedDevice);
  EXPECT_EQ(devices()[0].fingerprint, Fingerprint{7});
  EXPECT_TRUE(devices()[0].current);
  EXPECT_EQ(devices()[0].address, "");
  EXPECT_FALSE(use(link_of(1)));
}

TEST_P(DeviceLinks, AreOfOneUserAndMustBeKept) {
  keep(link_of(1));
  EXPECT_FALSE(use(link_of(1, "8")));
  EXPECT_FALSE(use(link_of(2)));
  EXPECT_TRUE(use(link_of(1)));
}

TEST_P(DeviceLinks, LastForHalfAnHour) {
  keep(link_of(1));
  keep(link_of(2));
  let_pass(29min);
  EXPECT_TRUE(use(link_of(1)));
  let_pass(1min);
  EXPECT_FALSE(use(link_of(2)));
}

TEST_P(DeviceLinks, AreWithdrawnByALogoutEverywhere) {
  keep(link_of(1));
  revoke_user("7");
  EXPECT_FALSE(use(link_of(1)));
  keep(link_of(2));
  ASSERT_TRUE(store().revoke_all());
  EXPECT_FALSE(use(link_of(2)));
  keep(link_of(3));
  EXPECT_TRUE(use(link_of(3)));
}

TEST_P(DeviceLinks, FollowARehashOfThePassword) {
  keep(link_of(1));
  const std::vector<Fingerprint> old = {Fingerprint{7}};
  ASSERT_TRUE(store().change_fingerprint(user::UserId("7"), old, Fingerprint{8},
                                         session::HashChange::done));
  EXPECT_TRUE(use(link_of(1)));
  EXPECT_EQ(devices()[0].fingerprint, Fingerprint{8});
}

TEST_P(DeviceLinks, RenewADeviceThatTheAccountHadBefore) {
  ASSERT_TRUE(
      store().add(stored_session(1), {"192.0.2.1", "Browser/1.0", std::string(kLinkedDevice)}));
  let_pass(5 * 24h);
  ASSERT_TRUE(store().purge());
  keep(link_of(1));
  const std::string renewed = std::string(kLinkedDevice.substr(0, 12)) + "mark";
  EXPECT_TRUE(use(link_of(1), renewed));
  EXPECT_EQ(devices().front().device, renewed) << "the latest";
}

TEST_P(DeviceLinks, AreKnownThoughTenOthersHaveComeBack) {
  const session::KeyRing keys = test_keys();
  session::KnownPlaces known(store(), keys, 720h);
  const session::Fingerprints prints(keys);
  for (std::uint64_t i = 0; i < 24; ++i) {
    auto session = stored_session(i + 1);
    const std::string device =
        "device " + std::string(1, static_cast<char>('A' + i % 12)) + "    mark";
    ASSERT_TRUE(store().add(session, {"192.0.2.1", "Browser/1.0", device}));
    ASSERT_TRUE(store().note_logins({&session.id, 1}));
  }
  let_pass(1min);
  keep(link_of(1), prints.of(user::UserId("7"), "a hash"));
  EXPECT_TRUE(use(link_of(1)));
  guard::DeviceId id{};
  std::copy(kLinkedDevice.begin(), kLinkedDevice.end(), id.begin());
  EXPECT_TRUE(known.of({"7", "a hash"}, "198.51.100.1", id).device);
  EXPECT_FALSE(known.of({"7", "a new password's hash"}, "198.51.100.1", id).device);
}

TEST_P(DeviceLinks, LetOneOfManyInWhoOpenThemAtOnce) {
  for (char round = 1; round <= 5; ++round) {
    keep(link_of(round));
    std::vector<std::future<bool>> all;
    for (int i = 0; i < 8; ++i) {
      all.push_back(std::async(std::launch::async, [&, i] {
        return use(link_of(round), "device " + std::to_string(i) + "    mark");
      }));
    }
    int opened = 0;
    for (auto& one : all) opened += one.get() ? 1 : 0;
    EXPECT_EQ(opened, 1);
  }
}

TEST(DeviceLinksInMysql, AreNotUsableForLongerAfterTheClockWasSetBack) {
  SessionTables tables;
  session::MysqlSessionStore store(tables.pool(), kTestLifetimes);
  ASSERT_TRUE(store.keep_link(link_of(1), Fingerprint{7}));
  tables.run("UPDATE login_place SET good_at = good_at + INTERVAL 1 HOUR");
  const auto used = store.use_link(link_of(1), std::string(kLinkedDevice));
  ASSERT_TRUE(used) << used.error().what;
  EXPECT_FALSE(*used);
}

}  // namespace
}  // namespace gatehouse::test
