/// Who is asking, as far as the network tells.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace gatehouse::guard {

/// From REMOTE_ADDR alone. IPv4-mapped IPv6 is IPv4. Anything that is no address (`unix:`, empty)
/// is one bucket, "unknown".
class ClientAddress {
 public:
  ClientAddress() = default;
  /// Total.
  static ClientAddress parse(std::string_view remote_addr);

  /// Canonical text (RFC 5952), for logs.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// What counts as one client: the IPv4 address, or the /64 of an IPv6 one ("2001:db8:1:2::/64").
  [[nodiscard]] const std::string& bucket() const noexcept { return bucket_; }

 private:
  std::string text_ = "unknown";
  std::string bucket_ = "unknown";
};

}  // namespace gatehouse::guard
