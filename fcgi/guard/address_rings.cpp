#include "guard/address_rings.h"

namespace gatehouse::guard {

AddressRings::AddressRings(const ClientAddress& client) {
  switch (client.family()) {
    case ClientAddress::Family::unknown:
      names_ = {client.text()};
      break;
    case ClientAddress::Family::ipv4:
      names_ = {client.network(24), client.text()};
      break;
    case ClientAddress::Family::ipv6:
      names_ = {client.network(48), client.network(56), client.network(64)};
      break;
  }
}

}  // namespace gatehouse::guard
