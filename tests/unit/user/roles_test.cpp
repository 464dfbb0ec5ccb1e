#include "user/roles.h"

#include <gtest/gtest.h>

namespace gatehouse::user {
namespace {

TEST(Roles, ArePrintableAsciiThatFitsAListAndAPath) {
  for (const char* name : {"admin", "a", "ROLE_ADMIN", "role:x", "x.y-z@1"})
    EXPECT_TRUE(is_role(name)) << name;
  for (const char* name : {"", "a b", "a,b", "a/b", "a\"", "a'", "ä", "a\n", "\x7f"})
    EXPECT_FALSE(is_role(name)) << name;
  EXPECT_TRUE(is_role(std::string(64, 'a')));
  EXPECT_FALSE(is_role(std::string(65, 'a')));
  EXPECT_FALSE(is_role(std::string_view("a\0b", 3)));
}

TEST(Roles, EqualSetsAreOneObject) {
  RoleSets sets;
  const Roles& first = sets.intern({"admin", "editor"});
  EXPECT_EQ(&first, &sets.intern({"admin", "editor"}));
  EXPECT_NE(&first, &sets.intern({"admin"}));
  EXPECT_EQ(&sets.intern({}), &no_roles);
}

}  // namespace
}  // namespace gatehouse::user
