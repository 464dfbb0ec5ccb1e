#include "base/encoding.h"

#include <gtest/gtest.h>

#include "base/crypto.h"

namespace gatehouse {
namespace {

TEST(Base64Url, KnowsTheVectorsOfRfc4648) {
  EXPECT_EQ(base64url_encode(""), "");
  EXPECT_EQ(base64url_encode("f"), "Zg");
  EXPECT_EQ(base64url_encode("fo"), "Zm8");
  EXPECT_EQ(base64url_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
}

TEST(Base64Url, DecodesWhatItEncoded) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string bytes = random_bytes(size);
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
  }
}

TEST(Base64Url, AcceptsTheCanonicalFormOnly) {
  for (const std::string_view text : {"Z", "Zg==", "Zh", "Zm9", "Z g", "Zm+v", "Zm/v", "Zg\n"}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

TEST(Hex, ReadsBothCasesAndWritesTheLower) {
  EXPECT_EQ(hex_decode("00fFAb"), std::string("\0\xff\xab", 3));
  EXPECT_EQ(hex_encode("\xff\x01"), "ff01");
  for (const std::string_view text : {"0", "0g", "abc", " 00"}) {
    EXPECT_EQ(hex_decode(text), std::nullopt) << text;
  }
}

TEST(Utf8, TellsWellFormedFromMalformed) {
  for (const std::string_view text : {"", "roy", "r\xc3\xb6y", "\xe2\x82\xac", "\xf0\x9f\x94\x91",
                                      "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const std::string_view text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xb0\x80",
        "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff", "\xe2\x82"}) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  }
}

TEST(Text, ComparesAndTrimsInAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("HoSt", "hOsT"));
  EXPECT_FALSE(equal_ignoring_case("host", "hosts"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed(" \t "), "");
}

}  // namespace
}  // namespace gatehouse
