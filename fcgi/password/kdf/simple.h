/// Functions of one or a few digests: fast, hence weak.
#pragma once

#include "password/kdf/digest.h"
#include "password/kdf/kdf.h"

namespace gatehouse::password {

enum class Arrangement {
  password,            ///< digest(password)
  salt_then_password,  ///< digest(salt password)
  password_then_salt,  ///< digest(password salt)
  keyed_with_salt,     ///< HMAC, the salt as its key
  twice,               ///< digest(digest(password)): MySQL's
};
[[nodiscard]] KdfPointer make_simple(Digest digest, Arrangement arrangement);

/// digest(digest(… digest(salt password))), `times` in all: Spring's StandardPasswordEncoder.
[[nodiscard]] KdfPointer make_repeated(Digest digest, unsigned times);

/// `inner` over a transformed password. `transform` is pure, what it gives has one length (a digest
/// as text); `name` is for the census.
using PasswordTransform = std::string (*)(std::string_view password);
[[nodiscard]] KdfPointer make_prehashed(KdfPointer inner, PasswordTransform transform,
                                        std::string_view name);

}  // namespace gatehouse::password
