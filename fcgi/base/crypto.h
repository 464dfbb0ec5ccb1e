/// The few primitives of OpenSSL that more than one floor needs.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "base/secret.h"

struct evp_mac_ctx_st;

namespace gatehouse {

/// `count` bytes of OpenSSL's CSPRNG. Ends the process if there is no entropy (never seen).
[[nodiscard]] std::string random_bytes(std::size_t count);

/// HKDF with SHA-256 and an empty salt (RFC 5869); `length` at most 8,160 bytes.
[[nodiscard]] Secret hkdf_sha256(const Secret& key, std::string_view info, std::size_t length);

/// HMAC-SHA256 (RFC 2104, FIPS 180-4) under one key. Thread-safe. Keeps as many of OpenSSL's
/// contexts as threads have used it at once: to make one costs more than a MAC.
class HmacSha256 {
 public:
  static constexpr std::size_t kSize = 32;

  explicit HmacSha256(const Secret& key);
  /// The MAC of the parts, one after the other.
  [[nodiscard]] std::array<char, kSize> of(std::span<const std::string_view> parts) const;

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  using Context = std::unique_ptr<evp_mac_ctx_st, Free>;

  Context keyed_;
  // Behind a pointer, so that a vector can hold HmacSha256.
  std::unique_ptr<Guarded<std::vector<Context>>> spare_;
};

}  // namespace gatehouse
