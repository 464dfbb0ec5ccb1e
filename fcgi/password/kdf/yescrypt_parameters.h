/// The parameters in `$y$` and `$7$` settings (libxcrypt, lib/alg-yescrypt-common.c).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gatehouse::password {

struct YescryptParameters {
  unsigned n_log2;  ///< 1 to 63
  std::uint32_t r;
  std::uint32_t p;
  std::uint32_t t;     ///< yescrypt's additional time
  std::size_t length;  ///< of the text that was read
  std::size_t n_at;    ///< where the letter of N stands in it: N is halved by the letter before
};

/// What stands after `$y$`, up to the `$` before the salt, which is not read. Nothing if it is
/// malformed or asks for what crypt(3) does not do (a ROM, hash upgrades).
[[nodiscard]] std::optional<YescryptParameters> parse_yescrypt_parameters(
    std::string_view text) noexcept;
/// The eleven letters after `$7$`.
[[nodiscard]] std::optional<YescryptParameters> parse_scrypt_crypt_parameters(
    std::string_view text) noexcept;

}  // namespace gatehouse::password
