#include "guard/address_rings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::guard {
namespace {

using testing::ElementsAre;

std::vector<std::string> rings_of(std::string_view remote_addr) {
  return AddressRings(ClientAddress::parse(remote_addr)).names();
}

TEST(AddressRings, OfIpv6AreACompanyAHouseholdAndANetwork) {
  EXPECT_THAT(rings_of("2001:db8:1:203::4"),
              ElementsAre("2001:db8:1::/48", "2001:db8:1:200::/56", "2001:db8:1:203::/64"));
}

TEST(AddressRings, OfIpv4AreANetworkAndTheAddress) {
  EXPECT_THAT(rings_of("192.0.2.7"), ElementsAre("192.0.2.0/24", "192.0.2.7"));
}

TEST(AddressRings, OfMappedIpv4AreThoseOfIpv4) {
  EXPECT_THAT(rings_of("::ffff:192.0.2.7"), ElementsAre("192.0.2.0/24", "192.0.2.7"));
}

TEST(AddressRings, AreOneWhereThereIsNoAddress) {
  for (const auto* const text : {"", "unix:", "192.0.2.7:80"}) {
    EXPECT_THAT(rings_of(text), ElementsAre("unknown")) << text;
  }
}

}  // namespace
}  // namespace gatehouse::guard
