#include "user/roles.h"

#include <gtest/gtest.h>

#include "support/roles.h"

namespace gatehouse::user {
namespace {

using test::roles_named;

TEST(Roles, ArePrintableAsciiThatFitsAListAndAPath) {
  for (const char* name : {"admin", "a", "ROLE_ADMIN", "role:x", "x.y-z@1"})
    EXPECT_EQ(Role::parse(name)->text(), name);
  for (const char* name : {"", "a b", "a,b", "a/b", "a\"", "a'", "ä", "a\n", "\x7f"})
    EXPECT_FALSE(Role::parse(name)) << name;
  EXPECT_TRUE(Role::parse(std::string(64, 'a')));
  EXPECT_FALSE(Role::parse(std::string(65, 'a')));
  EXPECT_FALSE(Role::parse(std::string_view("a\0b", 3)));
}

TEST(Roles, AreOneObjectForEqualSets) {
  RoleSets sets;
  const Roles& first = sets.intern(roles_named({"admin", "editor"}));
  EXPECT_EQ(&first, &sets.intern(roles_named({"admin", "editor"})));
  EXPECT_NE(&first, &sets.intern(roles_named({"admin"})));
  EXPECT_EQ(&sets.intern({}), &no_roles);
}

}  // namespace
}  // namespace gatehouse::user
