#include "cli/stranger/url.h"

#include <gmock/gmock.h>

namespace gatehouse::cli {
namespace {

TEST(Url, HasSchemeHostPortAndTarget) {
  const auto url = Url::parse("https://www.example.com/members/?a=1&b=%20#part");
  ASSERT_TRUE(url) << url.error().what;
  EXPECT_TRUE(url->tls);
  EXPECT_EQ(url->host, "www.example.com");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->target, "/members/?a=1&b=%20");
  EXPECT_EQ(url->authority(), "www.example.com");
}

TEST(Url, TakesAddressesPortsAndNoPath) {
  const auto four = Url::parse("http://127.0.0.1:8080");
  ASSERT_TRUE(four);
  EXPECT_FALSE(four->tls);
  EXPECT_EQ(four->target, "/");
  EXPECT_EQ(four->authority(), "127.0.0.1:8080");
  const auto six = Url::parse("https://[::1]:444?x");
  ASSERT_TRUE(six) << six.error().what;
  EXPECT_EQ(six->host, "::1");
  EXPECT_EQ(six->authority(), "[::1]:444");
  EXPECT_EQ(six->target, "/?x");
}

TEST(Url, IsRefusedWhereItIsNone) {
  for (const auto* text :
       {"", "www.example.com", "ftp://example.com/", "https://", "https:///x", "https://:80/",
        "https://user@example.com/", "https://user:x@example.com/", "https://example.com:0/",
        "https://example.com:65536/", "https://example.com:80x/", "https://[::1/", "https://[x]/",
        "https://[::1]x/", "https://exa mple.com/", "https://example.com/a b",
        "https://example.com/\r\nX: y", "https://example.com/\xc3\xa9", "HTTPS://example.com/"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse::cli
