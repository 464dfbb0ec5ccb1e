/// Reads the parameters in the settings of `$y$` and `$7$` (libxcrypt, lib/alg-yescrypt-common.c).
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
  std::uint32_t t;     ///< yescrypt's additional passes
  std::size_t length;  ///< how much of the text was read
  std::size_t
      n_at;  ///< where the letter for N stands; the letter before it in the alphabet halves N
};

/// Reads `text` after `$y$`, up to the `$` before the salt. Nothing if it is malformed or asks for
/// what crypt(3) does not do (a ROM, hash upgrades).
[[nodiscard]] std::optional<YescryptParameters> parse_yescrypt_parameters(
    std::string_view text) noexcept;
/// Reads the eleven letters after `$7$`. Nothing if they are malformed.
[[nodiscard]] std::optional<YescryptParameters> parse_scrypt_crypt_parameters(
    std::string_view text) noexcept;

}  // namespace gatehouse::password
