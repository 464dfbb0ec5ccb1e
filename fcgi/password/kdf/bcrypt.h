/// bcrypt as crypt(3) has it: `$2a$`, `$2b$`, `$2x$` and `$2y$`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "password/kdf/kdf.h"
#include "password/kdf/lanes/kernel.h"

namespace gatehouse::password {

inline constexpr unsigned kLeastBcryptCost = 4;
inline constexpr unsigned kMostBcryptCost = 31;

/// Derives the whole hash with its setting, as the functions of crypt.h do. `variant` is the text
/// before the cost, for example `$2y$`; `cost` lies within the two bounds.
///
/// Its rounds run in the lanes of the engine, if what they give is what libxcrypt gives for some
/// passwords, which is looked at once. Where it is not, and where libxcrypt does something of its
/// own, libxcrypt computes: `$2x$`, which repeats an old mistake, and `$2a$` for a password with
/// bytes over 127, where it keeps hashes of that mistake from matching.
[[nodiscard]] KdfPointer make_bcrypt(std::string_view variant, unsigned cost);

/// Keys a chain with the password, of which the first 72 bytes count, and a salt of 16 bytes. After
/// 2^cost rounds, the end of the chain are the 23 bytes of the hash.
void begin_bcrypt(lanes::BlowfishChain& chain, std::string_view password,
                  std::string_view salt) noexcept;
[[nodiscard]] std::string end_of_bcrypt(const lanes::BlowfishChain& chain);

inline constexpr std::size_t kBcryptSaltBytes = 16;
/// The same through the engine.
[[nodiscard]] std::string bcrypt_bytes(std::string_view password, std::string_view salt,
                                       unsigned cost);

}  // namespace gatehouse::password
