/// Digests that applications put in front of bcrypt, as text of one length (make_prehashed).
#pragma once

#include <string>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// `inner` over the MD5 of the password in hexadecimal.
[[nodiscard]] KdfPointer over_md5(KdfPointer inner);
/// `inner` over the base64 of the password's SHA-256.
[[nodiscard]] KdfPointer over_sha256_base64(KdfPointer inner);

}  // namespace gatehouse::password
