#include "cli/user/new_hash.h"

#include <gmock/gmock.h>

#include <sstream>

#include "cli/user/role_names.h"
#include "password/verifier.h"

namespace gatehouse::cli::users {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kGood = "a long and good one";

std::string problem_of(const std::string& typed, const config::Settings& settings = {}) {
  std::istringstream in(typed);
  const auto password =
      read_good_password(settings, "annabell", PasswordSource::standard_input, in);
  return password ? "" : password.error().what;
}

TEST(NewPassword, IsJudgedByTheRulesOfTheAccountPage) {
  EXPECT_EQ(problem_of(std::string(kGood) + "\n"), "");
  EXPECT_THAT(problem_of("short"), HasSubstr("too short: it must have 8 characters"));
  EXPECT_THAT(problem_of("password123"), HasSubstr("too common"));
  EXPECT_THAT(problem_of("Annabell99"), HasSubstr("too like the name"));
  EXPECT_THAT(problem_of(std::string(1025, 'x')), HasSubstr("too long"));
  EXPECT_THAT(problem_of(std::string(70'000, 'x')), HasSubstr("64 KiB"));
  EXPECT_THAT(problem_of("\n"), HasSubstr("empty"));
  config::Settings settings;
  settings.password.min_length = 20;
  EXPECT_THAT(problem_of(kGood, settings), HasSubstr("20 characters"));
  settings.password.min_length = 8;
  settings.user.password_transform = {"trim"};
  EXPECT_THAT(problem_of("x                 ", settings), HasSubstr("too short"));
}

TEST(NewPassword, IsHashedInTheConfiguredSchemeAsTheApplicationWould) {
  config::Settings settings;
  settings.password.new_scheme = "werkzeug-pbkdf2";
  settings.user.password_transform = {"newlines", "no-nul", "html"};
  const auto hash = hash_for_new(settings, Secret::copy_of("a & b are long"));
  ASSERT_TRUE(hash) << hash.error().what;
  EXPECT_THAT(std::string(hash->view()), StartsWith("pbkdf2:sha256:"));
  const password::Verifier verifier{config::Password()};
  EXPECT_EQ(verifier.verify(Secret::copy_of("a &amp; b are long"), hash->view()),
            password::Verdict::match);
}

TEST(NewPassword, OfARowKeepsTheSchemeOfTheRow) {
  const config::Settings settings;
  user::User row{
      user::UserId("1"), "roy",
      Secret::copy_of("pbkdf2:sha256:1$salt$55ac046e56e3089fec1691c22544b605f94185216dde0465"
                      "e68b9d57c20dacbc")};
  const auto hash = hash_for_row(settings, row, Secret::copy_of(kGood));
  ASSERT_TRUE(hash) << hash.error().what;
  EXPECT_THAT(std::string(hash->view()), StartsWith("pbkdf2:sha256:600000$"));
  row.password_hash = Secret();
  const auto none = hash_for_row(settings, row, Secret::copy_of(kGood));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, Error::Kind::refused);
}

TEST(RoleNames, AreParsedOrRefusedWithTheRule) {
  const auto roles = parse_roles({"editor", "admin"});
  ASSERT_TRUE(roles);
  EXPECT_EQ(joined(*roles), "editor, admin");
  EXPECT_THAT(parse_roles({"editor", "a,b"}).error().what, StartsWith("\"a,b\" is not the name"));
  EXPECT_FALSE(parse_role(""));
}

}  // namespace
}  // namespace gatehouse::cli::users
