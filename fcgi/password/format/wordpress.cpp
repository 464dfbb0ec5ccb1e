#include "password/format/wordpress.h"

#include <utility>

#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/kdf/digest.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kPrefix = "$wp";

std::string prehash(std::string_view password) {
  return base64_encode(hmac_of(Digest::sha384, "wp-sha384", password));
}

}  // namespace

std::optional<StoredHash> parse_wordpress(std::string_view hash) {
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  auto stored = parse_bcrypt(hash.substr(kPrefix.size()));
  if (stored) stored->kdf = make_prehashed(std::move(stored->kdf), prehash, "HMAC-SHA384");
  return stored;
}

}  // namespace gatehouse::password
