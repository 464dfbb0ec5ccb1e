/// The address of the visitor, as far as the network tells.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::guard {

/// The address is that in REMOTE_ADDR alone, since a visitor can write any other header.
/// IPv4-mapped IPv6 is IPv4, and so is 64:ff9b::/96, by which a translator before nginx (SIIT)
/// shows it: as one /64 all of IPv4 would be one client. Anything that is not an address (`unix:`,
/// empty) is `unknown`, and all such visitors count as one client.
class ClientAddress {
 public:
  enum class Family : std::uint8_t { unknown, ipv4, ipv6 };

  ClientAddress() = default;
  /// Parses any text; what is not an address becomes `unknown`.
  static ClientAddress parse(std::string_view remote_addr);
  /// Whether nginx may mean it: an address, `unix:`, or nothing. Anything else is a fault of its
  /// configuration (a header in the place of the address), by which a visitor could choose which
  /// client they count as.
  [[nodiscard]] static bool is_plausible(std::string_view remote_addr) noexcept;

  [[nodiscard]] Family family() const noexcept { return family_; }
  /// True for an address of a private network, of this host or of a link (RFC 1918, 4193, 4291,
  /// 6598): that of no visitor from the Internet, but perhaps of a proxy.
  [[nodiscard]] bool is_private() const noexcept;
  /// The canonical text of the address (RFC 5952) for logs; "unknown" if there is none.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The network of the first `bits` bits, a multiple of 8, at most the address's own 32 or 128;
  /// "unknown" if there is no address. For example "2001:db8:1:2::/64".
  [[nodiscard]] std::string network(std::size_t bits) const;

 private:
  ClientAddress(Family family, const void* address);

  Family family_ = Family::unknown;
  std::array<std::uint8_t, 16> bytes_{};  // in network order; an IPv4 address fills the first four
  std::string text_ = "unknown";
};

}  // namespace gatehouse::guard
