#include "password/transform.h"

#include <gmock/gmock.h>

namespace gatehouse::password {
namespace {

using namespace std::string_literals;

std::string result(const std::string& password, Transform transform) {
  return std::string(transformed(Secret::copy_of(password), transform).view());
}

TEST(Transform, LeavesThePasswordByDefault) {
  EXPECT_EQ(result(" a'\"<\0> "s, Transform::none), " a'\"<\0> "s);
}

TEST(Transform, TrimsWhatPhpTrims) {
  EXPECT_EQ(result(" \t\n\r\0\x0b pass word \0\n"s, Transform::trim), "pass word");
  EXPECT_EQ(result("\u00a0p"s, Transform::trim), "\u00a0p");
  EXPECT_EQ(result(" \n"s, Transform::trim), "");
}

TEST(Transform, WritesEntitiesAsPhpbb) {
  EXPECT_EQ(result("<a href=\"x\">&amp;'", Transform::html),
            "&lt;a href=&quot;x&quot;&gt;&amp;amp;'");
  EXPECT_EQ(result(" a\r\nb\rc\nd\0e "s, Transform::html), " a\nb\nc\nde ");
  EXPECT_EQ(result("lètmein", Transform::html), "lètmein");
}

TEST(Transform, AddsSlashesAndTrimsAsWordpress) {
  EXPECT_EQ(result(" it's a \"\\\" ", Transform::slash), "it\\'s a \\\"\\\\\\\"");
  EXPECT_EQ(result("a\0"s, Transform::slash), "a\\0");
}

}  // namespace
}  // namespace gatehouse::password
