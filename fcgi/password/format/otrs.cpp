#include "password/format/otrs.h"

#include <fmt/core.h>

#include <utility>

#include "base/crypto.h"
#include "password/format/fields.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/bcrypt_bytes.h"
#include "password/kdf/crypt.h"
#include "password/kdf/crypt_letters.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kOtrsDigest = 31;
constexpr std::size_t kOtrsSalt = 16;

}  // namespace

std::optional<StoredHash> parse_otrs_bcrypt(std::string_view hash) {
  const auto name_end = hash.find(':');
  if (name_end == std::string_view::npos || hash.substr(0, name_end) != "BCRYPT") {
    return std::nullopt;
  }
  const std::string_view rest = hash.substr(name_end + 1);
  const auto cost_end = rest.find(':');
  // The salt is of any letters, a colon among them.
  if (cost_end > 2 || rest.size() != cost_end + 1 + kOtrsSalt + 1 + kOtrsDigest ||
      rest[cost_end + 1 + kOtrsSalt] != ':') {
    return std::nullopt;
  }
  const auto cost = parse_count(rest.substr(0, cost_end));
  const std::string_view digest = rest.substr(rest.size() - kOtrsDigest);
  if (!cost || *cost < kLeastBcryptCost || *cost > kMostBcryptCost || !is_crypt_text(digest)) {
    return std::nullopt;
  }
  return StoredHash{make_bcrypt_of_bytes(static_cast<unsigned>(*cost)),
                    bcrypt_base64_encode(rest.substr(cost_end + 1, kOtrsSalt)),
                    std::string(digest)};
}

std::optional<NewHash> new_otrs_bcrypt(std::string_view /*old*/, const Strength& strength) {
  constexpr std::size_t kBytesOfLetters = 12;
  const std::string letters = bcrypt_base64_encode(random_bytes(kBytesOfLetters));
  return NewHash{make_bcrypt_of_bytes(strength.bcrypt_cost),
                 bcrypt_base64_encode(letters),
                 kOtrsDigest,
                 fmt::format("BCRYPT:{}:{}:", strength.bcrypt_cost, letters),
                 raw_digest,
                 kBcryptPasswordBytes};
}

}  // namespace gatehouse::password
