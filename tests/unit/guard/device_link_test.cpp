/// The links of `gatehouse user link`.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "guard/device_mint.h"

namespace gatehouse::guard {
namespace {

std::vector<Secret> keys(const char* first, const char* second = nullptr) {
  std::vector<Secret> all;
  all.emplace_back(std::string(first));
  if (second != nullptr) all.emplace_back(std::string(second));
  return all;
}

const DeviceMint& mint() {
  static const DeviceMint the_mint(keys("a key"), "gatehouse");
  return the_mint;
}

TEST(DeviceLink, SaysWhoseItIs) {
  for (const std::string& id : {std::string("1"), std::string(64, 'x'), std::string("a\0b", 3)}) {
    const auto made = mint().make_link(id);
    const auto read = mint().read_link(made.value);
    ASSERT_TRUE(read) << id;
    EXPECT_EQ(read->user_id, id);
    EXPECT_EQ(read->id, made.link.id);
  }
}

TEST(DeviceLink, IsAnotherOneEachTime) {
  std::set<std::string> values;
  for (int i = 0; i < 100; ++i) values.insert(mint().make_link("1").value);
  EXPECT_EQ(values.size(), 100U);
}

TEST(DeviceLink, IsNoneWithAnyCharacterChangedOrLeftOut) {
  const std::string genuine = mint().make_link("17").value;
  for (std::size_t i = 0; i < genuine.size(); ++i) {
    std::string changed = genuine;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(mint().read_link(changed)) << i;
    EXPECT_FALSE(mint().read_link(std::string_view(genuine).substr(0, i))) << i;
  }
  EXPECT_FALSE(mint().read_link(genuine + "A"));
  EXPECT_FALSE(mint().read_link(""));
}

TEST(DeviceLink, IsNoneOfAnotherKeyOrRealm) {
  const std::string genuine = mint().make_link("17").value;
  EXPECT_FALSE(DeviceMint(keys("another key"), "gatehouse").read_link(genuine));
  EXPECT_FALSE(DeviceMint(keys("a key"), "another site").read_link(genuine));
  EXPECT_TRUE(DeviceMint(keys("a new key", "a key"), "gatehouse").read_link(genuine))
      << "of the key before a rotation";
}

TEST(DeviceLink, IsNoDeviceCookieNorACookieALink) {
  const std::string link = mint().make_link("1").value;
  const std::string cookie = mint().renew(std::nullopt, "1").value;
  EXPECT_FALSE(mint().read(link));
  EXPECT_FALSE(mint().read_link(cookie));
  for (std::size_t size = 1; size <= 64; ++size) {
    EXPECT_GT(mint().make_link(std::string(size, '7')).value.size(), 43U) << "nor a session token";
  }
}

}  // namespace
}  // namespace gatehouse::guard
