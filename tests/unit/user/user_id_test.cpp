#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

#include "user/user.h"

namespace gatehouse::user {
namespace {

static_assert(!std::is_convertible_v<std::string, UserId>);
static_assert(!std::is_convertible_v<const char*, UserId>);
static_assert(!std::is_convertible_v<UserId, std::string>);
static_assert(!std::is_convertible_v<UserId, std::string_view>);

template <class T>
concept ComesFromNothing = requires(void (*take)(T)) {
  take({});
};
static_assert(!ComesFromNothing<UserId>, "no call can leave a user out by {}");

TEST(UserId, IsTheBytesOfItsText) {
  const UserId id(std::string("7\0a", 3));
  EXPECT_EQ(id.text(), std::string("7\0a", 3));
  EXPECT_EQ(id, UserId(std::string("7\0a", 3)));
  EXPECT_NE(id, UserId("7"));
  EXPECT_LT(UserId("10"), UserId("9"));
}

TEST(UserId, IsFoundInAContainerByItsText) {
  const std::unordered_set<UserId, UserId::Hash> ids = {UserId("7"), UserId("8"), UserId("7")};
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_TRUE(ids.contains(UserId("8")));
  EXPECT_FALSE(ids.contains(UserId("9")));
}

}  // namespace
}  // namespace gatehouse::user
