#include <gtest/gtest.h>

#include "user/user.h"

using gatehouse::Error;
using gatehouse::user::Username;
using namespace std::string_view_literals;

namespace {

TEST(Username, KeepsTheBytesAsTyped) {
  for (const auto text : {"roy"sv, " roy "sv, "r\xc3\xb6y"sv, "\xf0\x9f\x98\x80"sv, "a\tb"sv}) {
    const auto name = Username::parse(text);
    ASSERT_TRUE(name) << text;
    EXPECT_EQ(name->text(), text);
  }
}

TEST(Username, HasOneTo255Bytes) {
  EXPECT_FALSE(Username::parse(""));
  EXPECT_TRUE(Username::parse("r"));
  EXPECT_TRUE(Username::parse(std::string(255, 'r')));
  EXPECT_FALSE(Username::parse(std::string(256, 'r')));
}

TEST(Username, RefusesNulAndWhatIsNotUtf8) {
  for (const auto text :
       {"\0"sv, "roy\0"sv, "r\0y"sv, "\xff"sv, "r\xc3"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv}) {
    const auto name = Username::parse(text);
    ASSERT_FALSE(name) << text;
    EXPECT_EQ(name.error().kind, Error::Kind::invalid);
  }
}

}  // namespace
