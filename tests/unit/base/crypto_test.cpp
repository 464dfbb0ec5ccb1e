#include "base/crypto.h"

#include <gtest/gtest.h>

#include <array>

#include "base/encoding.h"
#include "base/log.h"

namespace gatehouse {
namespace {

TEST(HmacSha256, KnowsTheSecondVectorOfRfc4231) {
  const HmacSha256 mac(Secret::copy_of("Jefe"));
  const std::array<std::string_view, 2> parts = {"what do ya want ", "for nothing?"};
  const auto tag = mac.of(parts);
  EXPECT_EQ(hex_encode({tag.data(), tag.size()}),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hkdf, KnowsTheThirdVectorOfRfc5869) {
  const Secret key(std::string(22, '\x0b'));
  EXPECT_EQ(hex_encode(hkdf_sha256(key, "", 42).view()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8");
}

TEST(RandomBytes, AreNotTheSameTwice) {
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(Secret, ComparesBytesWithNulsInThem) {
  const Secret secret = Secret::copy_of(std::string_view("a\0b", 3));
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_TRUE(secret.equals(std::string_view("a\0b", 3)));
  EXPECT_FALSE(secret.equals(std::string_view("a\0c", 3)));
  EXPECT_FALSE(secret.equals("a"));
}

TEST(Secret, LeavesNothingInWhatItWasMovedFrom) {
  std::string bytes = "short";
  Secret first(std::move(bytes));
  EXPECT_TRUE(bytes.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  const Secret second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.view(), "short");
}

TEST(Quoted, KeepsALogLineOneLine) {
  EXPECT_EQ(log::quoted("roy"), "\"roy\"");
  EXPECT_EQ(log::quoted("a\nb\"\\"), "\"a\\x0ab\\x22\\x5c\"");
  EXPECT_EQ(log::quoted(std::string(200, 'x')), "\"" + std::string(128, 'x') + "\"…");
}

}  // namespace
}  // namespace gatehouse
