/// Functions of one or a few digests, which are fast and hence weak; and a digest in front of a
/// strong function.
#pragma once

#include "password/kdf/digest.h"
#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// How the password and the salt are put together.
enum class Arrangement {
  password,            ///< digest(password)
  salt_then_password,  ///< digest(salt password)
  password_then_salt,  ///< digest(password salt)
  keyed_with_salt,     ///< HMAC, the salt as its key
  salt_dash_digest,    ///< digest(salt "-" hex(digest(password))), as MediaWiki does
  twice,               ///< digest(digest(password)), as MySQL does
};
[[nodiscard]] KdfPointer make_simple(Digest digest, Arrangement arrangement);

/// digest(digest(… digest(salt password))) with `times` digests in all, as in Spring's
/// StandardPasswordEncoder.
[[nodiscard]] KdfPointer make_repeated(Digest digest, unsigned times);

/// `inner` over a prehash of the password. `transform` is pure and its results have one length (a
/// digest as text); `name` is for the census and must outlive the function.
using PasswordTransform = std::string (*)(std::string_view password);
[[nodiscard]] KdfPointer make_prehashed(KdfPointer inner, PasswordTransform transform,
                                        std::string_view name);

}  // namespace gatehouse::password
