#include "password/format/wordpress.h"

#include <utility>

#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/kdf/digest.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

std::string sha384_base64(std::string_view password) {
  return base64_encode(hmac_of(Digest::sha384, "wp-sha384", password));
}
KdfPointer over_sha384(KdfPointer inner) {
  return make_prehashed(std::move(inner), sha384_base64, "HMAC-SHA384");
}

}  // namespace

std::optional<StoredHash> parse_wordpress(std::string_view hash) {
  auto stored = parse_bcrypt(hash);
  if (stored) stored->kdf = over_sha384(std::move(stored->kdf));
  return stored;
}

std::optional<NewHash> new_wordpress(std::string_view old, const Strength& strength) {
  auto made = new_bcrypt(old, strength);
  if (!made) return std::nullopt;
  made->kdf = over_sha384(std::move(made->kdf));
  made->most_password_bytes = kEveryByte;  // bcrypt sees the digest alone
  return made;
}

}  // namespace gatehouse::password
