#include "password/new_password.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace gatehouse::password {
namespace {

std::optional<Problem> problem(std::string_view password, std::size_t min_characters = 8) {
  return NewPasswordRules(min_characters).problem_of(Secret::copy_of(password));
}

TEST(NewPassword, IsEightBytesToAThousandAndTwentyFour) {
  EXPECT_EQ(problem("q8-Xv_2"), Problem::too_short);
  EXPECT_EQ(problem("q8-Xv_2z"), std::nullopt);
  EXPECT_EQ(problem(std::string(1024, 'q')), std::nullopt);
  EXPECT_EQ(problem(std::string(1025, 'q')), Problem::too_long);
}

TEST(NewPassword, IsCountedInCharacters) {
  EXPECT_EQ(problem("äöüßäö"), Problem::too_short) << "12 bytes, 6 characters";
  EXPECT_EQ(problem("äöüßäöüß"), std::nullopt);
  EXPECT_EQ(problem("q8-Xv_2z9", 10), Problem::too_short);
}

TEST(NewPassword, IsNotACommonOneWhateverItsCapitals) {
  for (const char* common :
       {"password", "PassWord", "12345678", "iloveyou", "Baseball", "trustno1"}) {
    EXPECT_EQ(problem(common), Problem::too_common) << common;
  }
  EXPECT_EQ(problem("passwore"), std::nullopt);
  EXPECT_FALSE(is_common(Secret()));
  EXPECT_FALSE(is_common(Secret::copy_of("\xff\xff\xff\xff\xff\xff\xff\xff")));
}

TEST(NewPassword, IsJudgedAlsoByWhatTheSitesApplicationMakesOfIt) {
  const auto after = [](Transform transform, const std::string& typed) {
    return NewPasswordRules(8, transform).problem_of(Secret::copy_of(typed));
  };
  EXPECT_EQ(after(Transform::none, "        "), std::nullopt);
  EXPECT_EQ(after(Transform::trim, "        "), Problem::too_short);
  EXPECT_EQ(after(Transform::trim, " password "), Problem::too_common);
  EXPECT_EQ(after(Transform::slash, "''''"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after(Transform::html, "<<"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after(Transform::html, std::string(8, '\0')), Problem::too_short);
  EXPECT_EQ(after(Transform::slash, "    ''''    "), Problem::too_short);
  EXPECT_EQ(after(Transform::html, std::string(8, '\0') + "<<"), Problem::too_short);
  EXPECT_EQ(after(Transform::html, std::string(1024, '<')), std::nullopt)
      << "4,096 bytes for the site";
}

TEST(CommonPasswords, AreListedInOrder) {
  // Its search needs that; the first and the last are found.
  EXPECT_TRUE(is_common(Secret::copy_of("00000000")));
  EXPECT_TRUE(is_common(Secret::copy_of("zzzzzzzz")));
}

}  // namespace
}  // namespace gatehouse::password
