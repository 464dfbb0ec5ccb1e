#include "guard/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gatehouse::guard {
namespace {

std::string address_text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

std::optional<in_addr> as_ipv4(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return address;
}

std::optional<in6_addr> as_ipv6(const std::string& text) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::nullopt;
  return address;
}

in_addr mapped_ipv4(const in6_addr& address) {
  in_addr mapped{};
  std::copy(std::begin(address.s6_addr) + 12, std::end(address.s6_addr),
            reinterpret_cast<std::uint8_t*>(&mapped.s_addr));
  return mapped;
}

/// The /64 that a household or a host has to itself.
std::string network_text(in6_addr address) {
  std::fill(std::begin(address.s6_addr) + 8, std::end(address.s6_addr), std::uint8_t{0});
  return address_text(AF_INET6, &address) + "/64";
}

}  // namespace

ClientAddress ClientAddress::parse(std::string_view remote_addr) {
  ClientAddress client;
  if (remote_addr.size() >= INET6_ADDRSTRLEN || remote_addr.find('\0') != std::string_view::npos) {
    return client;
  }
  const std::string text(remote_addr);
  auto ipv4 = as_ipv4(text);
  const auto ipv6 = as_ipv6(text);
  if (ipv6 && IN6_IS_ADDR_V4MAPPED(&*ipv6)) ipv4 = mapped_ipv4(*ipv6);
  if (ipv4) {
    client.text_ = address_text(AF_INET, &*ipv4);
    client.bucket_ = client.text_;
  } else if (ipv6) {
    client.text_ = address_text(AF_INET6, &*ipv6);
    client.bucket_ = network_text(*ipv6);
  }
  return client;
}

}  // namespace gatehouse::guard
