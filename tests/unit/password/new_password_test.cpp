#include "password/new_password.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "config/transform_words.h"

namespace gatehouse::password {
namespace {

Result<std::vector<Secret>> no_keys(std::string_view /*name*/) {
  return fail(Error::Kind::invalid, "there are none");
}

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
  const auto after = [](const std::string& word, const std::string& typed) {
    const auto transform = Transform::parse(config::transform_steps(word), no_keys);
    return NewPasswordRules(8, transform.value()).problem_of(Secret::copy_of(typed));
  };
  EXPECT_EQ(after("none", "        "), std::nullopt);
  EXPECT_EQ(after("trim", "        "), Problem::too_short);
  EXPECT_EQ(after("trim", " password "), Problem::too_common);
  EXPECT_EQ(after("slash", "''''"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after("html", "<<"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after("html", std::string(8, '\0')), Problem::too_short);
  EXPECT_EQ(after("slash", "    ''''    "), Problem::too_short);
  EXPECT_EQ(after("html", std::string(8, '\0') + "<<"), Problem::too_short);
  EXPECT_EQ(after("html", std::string(1024, '<')), std::nullopt) << "4,096 bytes for the site";
}

TEST(CommonPasswords, AreListedInOrder) {
  // Its search needs that; the first and the last are found.
  EXPECT_TRUE(is_common(Secret::copy_of("00000000")));
  EXPECT_TRUE(is_common(Secret::copy_of("zzzzzzzz")));
}

}  // namespace
}  // namespace gatehouse::password
