#include "guard/proxy_suspicion.h"

#include <gtest/gtest.h>

namespace gatehouse::guard {
namespace {

class ProxySuspicionTest : public testing::Test {
 protected:
  bool log_in(std::string_view address) {
    return suspicion.logged_in(ClientAddress::parse(address));
  }
  ProxySuspicion suspicion;
};

TEST_F(ProxySuspicionTest, FallsOnOnePrivateAddressOfMostLogins) {
  bool suspicious = false;
  for (int i = 0; i < 60; ++i) {
    suspicious = log_in("10.0.0.2");
    if (i % 4 == 0) log_in("192.0.2.7");
  }
  EXPECT_TRUE(suspicious);
}

TEST_F(ProxySuspicionTest, FallsOnNoPublicAddressAndOnNoOffice) {
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(log_in("192.0.2.7"));
    EXPECT_FALSE(log_in("10.0.0." + std::to_string(i)));
  }
}

TEST_F(ProxySuspicionTest, IsOverWhenNginxTellsTheVisitors) {
  for (int i = 0; i < 200; ++i) log_in("::1");
  EXPECT_TRUE(log_in("::1"));
  for (int i = 0; i < 200; ++i) log_in("2001:db8::" + std::to_string(i));
  EXPECT_FALSE(log_in("::1"));
}

TEST(ClientAddress, KnowsPrivateNetworks) {
  for (const auto* const address :
       {"10.1.2.3", "127.0.0.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "169.254.1.1",
        "100.64.0.1", "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(ClientAddress::parse(address).is_private()) << address;
  }
  for (const auto* const address :
       {"192.0.2.7", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "unix:", ""}) {
    EXPECT_FALSE(ClientAddress::parse(address).is_private()) << address;
  }
}

}  // namespace
}  // namespace gatehouse::guard
