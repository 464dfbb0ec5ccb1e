#include "password/new_password.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::password {
namespace {

std::string problem(std::string_view password, std::size_t min_characters = 8) {
  return std::string(
      NewPasswordRules(min_characters).problem_of(Secret::copy_of(password)).value_or(""));
}

TEST(NewPassword, IsEightBytesToAThousandAndTwentyFour) {
  EXPECT_EQ(problem("q8-Xv_2"), "the new password is too short");
  EXPECT_EQ(problem("q8-Xv_2z"), "");
  EXPECT_EQ(problem(std::string(1024, 'q')), "");
  EXPECT_EQ(problem(std::string(1025, 'q')), "the new password is too long");
}

TEST(NewPassword, IsCountedInCharacters) {
  EXPECT_EQ(problem("äöüßäö"), "the new password is too short") << "12 bytes, 6 characters";
  EXPECT_EQ(problem("äöüßäöüß"), "");
  EXPECT_EQ(problem("q8-Xv_2z9", 10), "the new password is too short");
}

TEST(NewPassword, IsNotACommonOneWhateverItsCapitals) {
  for (const char* common :
       {"password", "PassWord", "12345678", "iloveyou", "Baseball", "trustno1"}) {
    EXPECT_EQ(problem(common), "the new password is too common") << common;
  }
  EXPECT_EQ(problem("passwore"), "");
  EXPECT_FALSE(is_common(Secret()));
  EXPECT_FALSE(is_common(Secret::copy_of("\xff\xff\xff\xff\xff\xff\xff\xff")));
}

TEST(NewPassword, IsJudgedAlsoByWhatTheSitesApplicationMakesOfIt) {
  const auto after = [](Transform transform, const std::string& typed) {
    return std::string(
        NewPasswordRules(8, transform).problem_of(Secret::copy_of(typed)).value_or(""));
  };
  EXPECT_EQ(after(Transform::none, "        "), "");
  EXPECT_EQ(after(Transform::trim, "        "), "the new password is too short");
  EXPECT_EQ(after(Transform::trim, " password "), "the new password is too common");
  EXPECT_EQ(after(Transform::slash, "''''"), "the new password is too short") << "8 for the site";
  EXPECT_EQ(after(Transform::html, "<<"), "the new password is too short") << "8 for the site";
  EXPECT_EQ(after(Transform::html, std::string(8, '\0')), "the new password is too short");
  EXPECT_EQ(after(Transform::slash, "    ''''    "), "the new password is too short");
  EXPECT_EQ(after(Transform::html, std::string(8, '\0') + "<<"), "the new password is too short");
  EXPECT_EQ(after(Transform::html, std::string(1024, '<')), "") << "4,096 bytes for the site";
}

TEST(CommonPasswords, AreListedInOrder) {
  // Its search needs that; the first and the last are found.
  EXPECT_TRUE(is_common(Secret::copy_of("00000000")));
  EXPECT_TRUE(is_common(Secret::copy_of("zzzzzzzz")));
}

}  // namespace
}  // namespace gatehouse::password
