/// The few cryptographic primitives that more than one floor needs.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace gatehouse {

/// `count` bytes of the kernel's random number generator (getrandom(2)). Throws std::system_error
/// where the kernel has none (never seen).
[[nodiscard]] std::string random_bytes(std::size_t count);

/// HKDF with SHA-256 and an empty salt (RFC 5869); `length` at most 8,160 bytes.
[[nodiscard]] Secret hkdf_sha256(const Secret& key, std::string_view info, std::size_t length);

/// HMAC-SHA256 (RFC 2104, FIPS 180-4) under one key. Thread-safe.
class HmacSha256 {
 public:
  static constexpr std::size_t kSize = 32;

  explicit HmacSha256(const Secret& key);
  HmacSha256(const HmacSha256&) = delete;
  HmacSha256& operator=(const HmacSha256&) = delete;
  HmacSha256(HmacSha256&&) noexcept;
  HmacSha256& operator=(HmacSha256&&) noexcept;
  ~HmacSha256();
  /// The MAC of the parts, one after the other.
  [[nodiscard]] std::array<char, kSize> of(std::span<const std::string_view> parts) const;

 private:
  struct Keyed;  // keeps OpenSSL's headers out of ours
  std::unique_ptr<const Keyed> keyed_;
};

}  // namespace gatehouse
