#include "guard/device_mint.h"

#include <gtest/gtest.h>

#include <chrono>

#include <vector>

namespace gatehouse::guard {
namespace {

class DeviceMintTest : public testing::Test {
 protected:
  static std::vector<Secret> keys(const char* first, const char* second = nullptr) {
    std::vector<Secret> all;
    all.emplace_back(std::string(first));
    if (second != nullptr) all.emplace_back(std::string(second));
    return all;
  }
  DeviceMint mint{keys("a key"), "gatehouse"};
};

TEST_F(DeviceMintTest, KnowsTheAccountsOfACookieAndNoOther) {
  const auto first = mint.renew(std::nullopt, "1");
  const auto second = mint.renew(mint.read(first.value), "2");
  const auto cookie = mint.read(second.value);
  ASSERT_TRUE(cookie);
  EXPECT_EQ(mint.of(*cookie, "1"), first.id);
  EXPECT_EQ(mint.of(*cookie, "2"), second.id);
  EXPECT_EQ(mint.of(*cookie, "3"), std::nullopt);
  EXPECT_TRUE(std::equal(first.id.begin(), first.id.begin() + 12, second.id.begin()));
}

TEST_F(DeviceMintTest, RenewsTheMarkOfAnAccountAtALogin) {
  constexpr std::chrono::system_clock::time_point kNoon{std::chrono::hours(12)};
  const auto first = mint.renew(std::nullopt, "1", kNoon);
  const auto again = mint.renew(mint.read(first.value), "1", kNoon + std::chrono::minutes(1));
  EXPECT_NE(first.id, again.id);
  EXPECT_EQ(mint.read(again.value)->accounts.size(), 1U);
}

TEST_F(DeviceMintTest, GivesTwoLoginsAtOnceOneMark) {
  constexpr std::chrono::system_clock::time_point kNoon{std::chrono::hours(12)};
  const auto cookie = mint.read(mint.renew(std::nullopt, "1", kNoon).value);
  const auto first = mint.renew(cookie, "1", kNoon + std::chrono::hours(1));
  const auto second =
      mint.renew(cookie, "1", kNoon + std::chrono::hours(1) + std::chrono::seconds(9));
  EXPECT_EQ(first.id, second.id);
  EXPECT_NE(mint.renew(cookie, "2", kNoon + std::chrono::hours(1)).id, first.id);
}

TEST_F(DeviceMintTest, HoldsFiveAccountsTheLatest) {
  auto renewed = mint.renew(std::nullopt, "0");
  for (int i = 1; i < 8; ++i) renewed = mint.renew(mint.read(renewed.value), std::to_string(i));
  const auto cookie = mint.read(renewed.value);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(mint.of(*cookie, std::to_string(i)).has_value(), i >= 3) << i;
  }
}

TEST_F(DeviceMintTest, TakesNothingThatWasChangedOrSignedElsewhere) {
  const auto genuine = mint.renew(std::nullopt, "1").value;
  for (std::size_t i = 0; i < genuine.size(); ++i) {
    std::string changed = genuine;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(mint.read(changed)) << i;
  }
  EXPECT_FALSE(DeviceMint(keys("another key"), "gatehouse").read(genuine));
  EXPECT_FALSE(DeviceMint(keys("a key"), "another realm").read(genuine));
  EXPECT_TRUE(DeviceMint(keys("a new key", "a key"), "gatehouse").read(genuine));
  EXPECT_FALSE(mint.read(""));
  EXPECT_FALSE(mint.read(std::string(43, 'A')));
  EXPECT_FALSE(mint.read(std::string(4096, 'A')));
}

TEST_F(DeviceMintTest, KnowsItsAccountsUnderARotatedKey) {
  const auto before = mint.renew(std::nullopt, "1");
  const DeviceMint rotated(keys("a new key", "a key"), "gatehouse");
  EXPECT_EQ(rotated.of(*rotated.read(before.value), "1"), before.id);
}

TEST_F(DeviceMintTest, IsNeverAsLongAsASessionToken) {
  auto renewed = mint.renew(std::nullopt, "0");
  for (int i = 0; i < 7; ++i) {
    EXPECT_NE(renewed.value.size(), 43U);
    renewed = mint.renew(mint.read(renewed.value), std::to_string(i));
  }
}

TEST_F(DeviceMintTest, GivesOneUserAnotherTagOnEachDevice) {
  const auto one = mint.read(mint.renew(std::nullopt, "1").value);
  const auto other = mint.read(mint.renew(std::nullopt, "1").value);
  EXPECT_NE(one->accounts[0].tag, other->accounts[0].tag);
}

}  // namespace
}  // namespace gatehouse::guard
