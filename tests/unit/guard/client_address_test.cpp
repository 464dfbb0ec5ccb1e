#include "guard/client_address.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::guard {
namespace {

TEST(ClientAddress, CountsIpv4ByItself) {
  const ClientAddress client = ClientAddress::parse("192.0.2.7");
  EXPECT_EQ(client.text(), "192.0.2.7");
  EXPECT_EQ(client.bucket(), "192.0.2.7");
}

TEST(ClientAddress, CountsIpv6ByItsNetwork) {
  const ClientAddress client = ClientAddress::parse("2001:DB8:1:2:3:0:0:4");
  EXPECT_EQ(client.text(), "2001:db8:1:2:3::4");
  EXPECT_EQ(client.bucket(), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientAddress::parse("2001:db8:1:2::ffff").bucket(), client.bucket());
  EXPECT_NE(ClientAddress::parse("2001:db8:1:3::4").bucket(), client.bucket());
  EXPECT_EQ(ClientAddress::parse("::1").bucket(), "::/64");
}

TEST(ClientAddress, TakesMappedIpv4AsIpv4) {
  for (const auto* const text :
       {"::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:c000:0207"}) {
    EXPECT_EQ(ClientAddress::parse(text).text(), "192.0.2.7") << text;
    EXPECT_EQ(ClientAddress::parse(text).bucket(), "192.0.2.7") << text;
  }
}

TEST(ClientAddress, PutsAnythingElseIntoOneBucket) {
  for (const auto* const text :
       {"", "unix:", "192.0.2", "192.0.2.256", "192.0.2.7:80", "[::1]", "fe80::1%eth0",
        " 192.0.2.7", "192.0.2.07", "example.com", "1:2:3:4:5:6:7:8:9", "::ffff:192.0.2.7.8"}) {
    EXPECT_EQ(ClientAddress::parse(text).text(), "unknown") << text;
    EXPECT_EQ(ClientAddress::parse(text).bucket(), "unknown") << text;
  }
  EXPECT_EQ(ClientAddress::parse(std::string("192.0.2.7\0x", 11)).text(), "unknown");
  EXPECT_EQ(ClientAddress::parse(std::string(100'000, '1')).text(), "unknown");
}

}  // namespace
}  // namespace gatehouse::guard
