#include "user/demand.h"

#include <gtest/gtest.h>

#include "support/roles.h"

namespace gatehouse::user {
namespace {

using std::chrono::seconds;
using test::roles_named;

TEST(Demand, AdmitsAnyoneForAStar) {
  const auto demand = Demand::parse("*");
  ASSERT_TRUE(demand);
  EXPECT_TRUE(demand->admits({}));
  EXPECT_TRUE(demand->admits(roles_named({"admin"})));
  EXPECT_FALSE(demand->typed_within);
}

TEST(Demand, AdmitsWhoHasOneOfTheRoles) {
  const auto demand = Demand::parse("admin,editor");
  ASSERT_TRUE(demand);
  EXPECT_TRUE(demand->admits(roles_named({"admin"})));
  EXPECT_TRUE(demand->admits(roles_named({"a", "editor", "z"})));
  EXPECT_FALSE(demand->admits({}));
  EXPECT_FALSE(demand->admits(roles_named({"Admin", "admi", "admins"})));
}

TEST(Demand, MayAskForAFreshPassword) {
  EXPECT_EQ(Demand::parse("admin/300")->typed_within, seconds(300));
  EXPECT_EQ(Demand::parse("*/1")->typed_within, seconds(1));
  EXPECT_EQ(Demand::parse("*/31536000")->typed_within, seconds(31'536'000));
}

TEST(Demand, IsUnreadableInAnyOtherForm) {
  for (const std::string_view text : {"",
                                      "/",
                                      ",",
                                      "admin,",
                                      ",admin",
                                      "admin,,editor",
                                      "admin/",
                                      "/300",
                                      "admin/0",
                                      "admin/-1",
                                      "admin/+1",
                                      "admin/0300",
                                      "admin/31536001",
                                      "admin/99999999999999999999",
                                      "admin/300/",
                                      "admin/300/1",
                                      "admin/5m",
                                      "admin/ 5",
                                      "*,admin",
                                      "admin,*",
                                      "**/x",
                                      "*/",
                                      " admin",
                                      "admin editor",
                                      "ad\"min",
                                      "ad\nmin",
                                      "r\xc3\xb6le"}) {
    EXPECT_FALSE(Demand::parse(text)) << text;
  }
  EXPECT_FALSE(Demand::parse(std::string_view("admin\0", 6)));
  EXPECT_FALSE(Demand::parse(std::string(65, 'r')));
}

TEST(Demand, NamesAtMost64Roles) {
  std::string text = "r";
  for (int i = 1; i < 64; ++i) text += ",r";
  EXPECT_TRUE(Demand::parse(text));
  EXPECT_FALSE(Demand::parse(text + ",r"));
}

}  // namespace
}  // namespace gatehouse::user
