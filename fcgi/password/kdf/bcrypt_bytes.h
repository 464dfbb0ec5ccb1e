/// bcrypt over any bytes, NUL bytes among them. crypt(3) takes a C string, which ends at the first
/// NUL byte; Perl's Crypt::Eksblowfish and .NET's and npm's libraries count bytes.
#pragma once

#include <string>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// Derives the 31 letters that follow the salt in a hash of bcrypt, from the bytes of the password
/// and a closing NUL byte. The salt has the 22 letters of crypt(3)'s form. `cost` is
/// kLeastBcryptCost to kMostBcryptCost.
[[nodiscard]] KdfPointer make_bcrypt_of_bytes(unsigned cost);

/// Turns the letters of bcrypt (`./A-Za-z0-9`) into bytes, and back. The decoder accepts any
/// length, and takes the unused bits of the last letter for zero; nothing for another letter.
[[nodiscard]] std::string bcrypt_base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> bcrypt_base64_decode(std::string_view letters);

}  // namespace gatehouse::password
