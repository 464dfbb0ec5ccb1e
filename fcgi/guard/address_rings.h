/// Names the networks around a client, so that the many addresses of one attacker count as few.
#pragma once

#include <string>
#include <vector>

#include "guard/client_address.h"

namespace gatehouse::guard {

/// Lists the networks from the widest to the client itself, each inside the one before:
///
///     2001:db8:1:2::3    2001:db8:1::/48, 2001:db8:1::/56, 2001:db8:1:2::/64
///     192.0.2.7          192.0.2.0/24, 192.0.2.7
///     no address         unknown
///
/// A /64 is what one host or household has at least, /56 and /48 are what providers assign to a
/// household and to a company (RFC 6177), and who has one has all addresses in it. The names of two
/// rings are equal only if they are the same network of the same width.
class AddressRings {
 public:
  explicit AddressRings(const ClientAddress& client);

  /// The names of one to three rings.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace gatehouse::guard
