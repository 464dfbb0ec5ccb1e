#include "guard/client_address.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::guard {
namespace {

TEST(ClientAddress, HasACanonicalText) {
  EXPECT_EQ(ClientAddress::parse("192.0.2.7").text(), "192.0.2.7");
  EXPECT_EQ(ClientAddress::parse("2001:DB8:1:2:3:0:0:4").text(), "2001:db8:1:2:3::4");
}

TEST(ClientAddress, TellsTheNetworksThatItIsIn) {
  const ClientAddress ipv6 = ClientAddress::parse("2001:db8:1:203:4::5");
  EXPECT_EQ(ipv6.network(48), "2001:db8:1::/48");
  EXPECT_EQ(ipv6.network(56), "2001:db8:1:200::/56");
  EXPECT_EQ(ipv6.network(64), "2001:db8:1:203::/64");
  EXPECT_EQ(ipv6.network(128), "2001:db8:1:203:4::5/128");
  EXPECT_EQ(ClientAddress::parse("::1").network(64), "::/64");
  EXPECT_EQ(ClientAddress::parse("192.0.2.7").network(24), "192.0.2.0/24");
  EXPECT_EQ(ClientAddress::parse("192.0.2.7").network(32), "192.0.2.7/32");
  EXPECT_EQ(ClientAddress().network(24), "unknown");
}

TEST(ClientAddress, TakesMappedIpv4AsIpv4) {
  for (const auto* const text : {"::ffff:192.0.2.7", "::FFFF:c000:207", "0:0:0:0:0:ffff:c000:0207",
                                 "64:ff9b::192.0.2.7", "64:ff9b::c000:207"}) {
    EXPECT_EQ(ClientAddress::parse(text).text(), "192.0.2.7") << text;
    EXPECT_EQ(ClientAddress::parse(text).family(), ClientAddress::Family::ipv4) << text;
    EXPECT_EQ(ClientAddress::parse(text).network(24), "192.0.2.0/24") << text;
  }
}

TEST(ClientAddress, TakesNoOtherIpv6ForIpv4) {
  for (const auto* const text : {"64:ff9b:1::c000:207", "64:ff9b::1:c000:207", "::c000:207"}) {
    EXPECT_EQ(ClientAddress::parse(text).family(), ClientAddress::Family::ipv6) << text;
  }
}

TEST(ClientAddress, TakesAnythingElseAsUnknown) {
  for (const auto* const text :
       {"", "unix:", "192.0.2", "192.0.2.256", "192.0.2.7:80", "[::1]", "fe80::1%eth0",
        " 192.0.2.7", "192.0.2.07", "example.com", "1:2:3:4:5:6:7:8:9", "::ffff:192.0.2.7.8"}) {
    EXPECT_EQ(ClientAddress::parse(text).text(), "unknown") << text;
    EXPECT_EQ(ClientAddress::parse(text).family(), ClientAddress::Family::unknown) << text;
  }
  EXPECT_EQ(ClientAddress::parse(std::string("192.0.2.7\0x", 11)).text(), "unknown");
  EXPECT_EQ(ClientAddress::parse(std::string(100'000, '1')).text(), "unknown");
}

TEST(ClientAddress, IsPlausibleIfItIsOneOrNginxHasNone) {
  for (const char* good : {"", "unix:", "192.0.2.7", "2001:db8::1", "::ffff:192.0.2.7", "::1",
                           "0.0.0.0", "255.255.255.255"}) {
    EXPECT_TRUE(ClientAddress::is_plausible(good)) << good;
  }
  for (const char* bad :
       {"unknown", "-", "192.0.2", "192.0.2.256", "192.0.2.7, 192.0.2.8", "192.0.2.7:80", "[::1]",
        "unix:/run/x", "::ffff:192.0.2", " 192.0.2.7", "192.0.2.07", "192.0.2.7.8", "192..2.7",
        "192.0.2.7.", "1.2.3.4444", "00.0.0.0", "."}) {
    EXPECT_FALSE(ClientAddress::is_plausible(bad)) << bad;
  }
  EXPECT_FALSE(ClientAddress::is_plausible(std::string("192.0.2.7\0x", 11)));
  EXPECT_FALSE(ClientAddress::is_plausible(std::string(100'000, '1')));
}

}  // namespace
}  // namespace gatehouse::guard
