#include "password/kdf/bcrypt.h"

#include <gmock/gmock.h>

#include <array>
#include <string>

#include "password/kdf/crypt.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kSalt = "abcdefghijklmnopqrstuu";

std::string by_libxcrypt(std::string_view variant, std::string_view password,
                         std::string_view salt = kSalt) {
  return make_bcrypt_of_libxcrypt(variant, 5)->derive(password, salt, 0);
}

std::string ours(std::string_view variant, std::string_view password,
                 std::string_view salt = kSalt) {
  return make_bcrypt(variant, 5)->derive(password, salt, 0);
}

TEST(Bcrypt, IsThatOfLibxcryptInEachVariant) {
  const std::array<std::string, 9> passwords = {"",
                                                "a password",
                                                "\xff\xff\xa3",
                                                "\xff\xa3"
                                                "345",
                                                "1\xa3"
                                                "345",
                                                "\xc3\xa4\x80",
                                                std::string(71, 'x'),
                                                std::string(72, 'x'),
                                                std::string(73, '\xe4')};
  for (const std::string_view variant : {"$2a$", "$2b$", "$2x$", "$2y$"}) {
    for (const std::string& password : passwords) {
      EXPECT_EQ(ours(variant, password), by_libxcrypt(variant, password))
          << variant << " " << password;
    }
  }
}

/// Two of the 24 bits of the last letter belong to no byte, and libxcrypt writes them as zero.
TEST(Bcrypt, TakesASaltAsLibxcryptDoes) {
  for (const std::string_view salt : {"abcdefghijklmnopqrstuv", "......................",
                                      "abcdefghijklmnopqrst", "abcdefghijklmnopqrstu!"}) {
    EXPECT_EQ(ours("$2y$", "password", salt), by_libxcrypt("$2y$", "password", salt)) << salt;
  }
}

TEST(Bcrypt, HasNoHashOfAPasswordWithANulByte) {
  using namespace std::string_view_literals;
  for (const std::string_view variant : {"$2a$", "$2b$", "$2y$"}) {
    EXPECT_EQ(ours(variant, "pass\0word"sv), "");
    EXPECT_EQ(ours(variant, "password\0"sv), "");
  }
}

TEST(Bcrypt, CountsSeventyTwoBytes) {
  const std::string longest(kBcryptPasswordBytes, 'x');
  EXPECT_EQ(ours("$2b$", longest + "y"), ours("$2b$", longest));
  EXPECT_NE(ours("$2b$", longest.substr(1)), ours("$2b$", longest));
}

}  // namespace
}  // namespace gatehouse::password
