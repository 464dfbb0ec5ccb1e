#include "guard/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace gatehouse::guard {
namespace {

/// Whether it is an IPv4 address in IPv6: mapped, or as a translator writes it (RFC 6052).
bool embeds_ipv4(const in6_addr& address) noexcept {
  constexpr std::array<std::uint8_t, 12> kTranslated = {0x00, 0x64, 0xff, 0x9b};
  return IN6_IS_ADDR_V4MAPPED(&address) ||
         std::memcmp(&address, kTranslated.data(), kTranslated.size()) == 0;
}

/// Whether inet_pton(3) takes it for IPv4: four numbers of at most 255 without zeros before them.
/// Every request is asked this, which inet_pton answers a few hundred instructions later.
bool is_ipv4(std::string_view text) noexcept {
  constexpr unsigned kMost = 255;
  unsigned dots = 0;
  unsigned value = 0;
  bool digits = false;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c) - '0';
    if (digit <= 9) {
      if (digits && value == 0) return false;
      value = value * 10 + digit;
      if (value > kMost) return false;
      digits = true;
    } else if (c == '.' && digits) {
      ++dots;
      value = 0;
      digits = false;
    } else {
      return false;
    }
  }
  return dots == 3 && digits;
}

std::string address_text(ClientAddress::Family family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family == ClientAddress::Family::ipv4 ? AF_INET : AF_INET6, address, text.data(),
              text.size());
  return text.data();
}

}  // namespace

ClientAddress::ClientAddress(Family family, const void* address)
    : family_(family), text_(address_text(family, address)) {
  std::memcpy(bytes_.data(), address, family == Family::ipv4 ? 4 : 16);
}

ClientAddress ClientAddress::parse(std::string_view remote_addr) {
  if (remote_addr.size() >= INET6_ADDRSTRLEN || remote_addr.find('\0') != std::string_view::npos) {
    return {};
  }
  const std::string text(remote_addr);
  in_addr ipv4{};
  if (::inet_pton(AF_INET, text.c_str(), &ipv4) == 1) return {Family::ipv4, &ipv4};
  in6_addr ipv6{};
  if (::inet_pton(AF_INET6, text.c_str(), &ipv6) != 1) return {};
  if (embeds_ipv4(ipv6)) return {Family::ipv4, &ipv6.s6_addr[12]};
  return {Family::ipv6, &ipv6};
}

bool ClientAddress::is_plausible(std::string_view remote_addr) noexcept {
  if (remote_addr.empty() || is_ipv4(remote_addr) || remote_addr == "unix:") return true;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (remote_addr.size() >= text.size() || remote_addr.find('\0') != std::string_view::npos) {
    return false;
  }
  std::memcpy(text.data(), remote_addr.data(), remote_addr.size());
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.data(), &address) == 1;
}

bool ClientAddress::is_private() const noexcept {
  const auto& [a, b] = std::pair(bytes_[0], bytes_[1]);
  switch (family_) {
    case Family::unknown:
      return false;
    case Family::ipv4:
      return a == 10 || a == 127 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
             (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);
    case Family::ipv6:
      return (a & 0xfeU) == 0xfc || (a == 0xfe && (b & 0xc0U) == 0x80) || text_ == "::1";
  }
  return false;
}

std::string ClientAddress::network(std::size_t bits) const {
  if (family_ == Family::unknown) return text_;
  auto network = bytes_;
  std::fill(network.begin() + static_cast<std::ptrdiff_t>(bits / 8), network.end(),
            std::uint8_t{0});
  return address_text(family_, network.data()) + "/" + std::to_string(bits);
}

}  // namespace gatehouse::guard
