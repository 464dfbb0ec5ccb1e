#include "password/format/phc.h"

#include <fmt/core.h>

#include <bit>
#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/bcrypt_bytes.h"
#include "password/kdf/crypt.h"
#include "password/kdf/scrypt.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kPasslibBytes = 32;
constexpr std::size_t kAdonisBytes = 64;

struct ScryptNumbers {
  std::optional<std::uint64_t> n{};
  std::optional<std::uint64_t> r{};
  std::optional<std::uint64_t> p{};
  bool logarithm = false;

  [[nodiscard]] bool take(std::string_view field) {
    const auto end = field.find('=');
    if (end == std::string_view::npos) return false;
    const std::string_view name = field.substr(0, end);
    const auto number = parse_count(field.substr(end + 1));
    auto* const place = name == "n" || name == "ln" ? &n : name == "r" ? &r : &p;
    if (!number || *place || (place == &p && name != "p")) return false;
    *place = number;
    if (name == "ln") {
      logarithm = true;
      n = *number < 64 ? std::uint64_t{1} << *number : 0;
    }
    return true;
  }
};

}  // namespace

std::optional<StoredHash> parse_phc_scrypt(std::string_view hash) {
  const auto fields = split<5>(hash, '$');
  if (!fields || !fields->at(0).empty() || fields->at(1) != "scrypt") return std::nullopt;
  const auto parameters = split<3>(fields->at(2), ',');
  if (!parameters) return std::nullopt;
  ScryptNumbers numbers;
  for (const std::string_view field : *parameters) {
    if (!numbers.take(field)) return std::nullopt;
  }
  auto kdf = make_scrypt({*numbers.n, *numbers.r, *numbers.p});
  auto salt = base64_decode_unpadded(fields->at(3));
  auto digest = base64_decode_unpadded(fields->at(4));
  const std::size_t size = numbers.logarithm ? kPasslibBytes : kAdonisBytes;
  if (!kdf || !salt || !digest || digest->size() != size) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

std::optional<NewHash> new_phc_scrypt(std::string_view old, const Strength& strength) {
  const auto fields = split<5>(old, '$');
  const bool adonis = fields && fields->at(2).find("ln=") == std::string_view::npos;
  const std::uint64_t n = strength.scrypt_n;
  const std::uint64_t r = strength.scrypt_r;
  const std::uint64_t p = strength.scrypt_p;
  std::string salt = random_bytes(kSaltBytes);
  std::string before = fmt::format("$scrypt${}={},r={},p={}${}$", adonis ? "n" : "ln",
                                   adonis ? n : static_cast<std::uint64_t>(std::countr_zero(n)), r,
                                   p, base64_encode_unpadded(salt));
  return NewHash{make_scrypt({n, r, p}), std::move(salt), adonis ? kAdonisBytes : kPasslibBytes,
                 std::move(before), base64_encode_unpadded};
}

std::optional<StoredHash> parse_phc_bcrypt(std::string_view hash) {
  constexpr std::size_t kBcryptSalt = 16;
  constexpr std::size_t kBcryptDigest = 23;
  const auto fields = split<6>(hash, '$');
  if (!fields || !fields->at(0).empty() || fields->at(1) != "bcrypt") return std::nullopt;
  const bool known = fields->at(2) == "v=98" || fields->at(2) == "v=97";
  std::optional<std::size_t> cost;
  if (fields->at(3).starts_with("r=")) cost = parse_count(fields->at(3).substr(2));
  const auto salt = base64_decode_unpadded(fields->at(4));
  const auto digest = base64_decode_unpadded(fields->at(5));
  if (!known || !cost || cost > kMostBcryptCost || !salt || salt->size() != kBcryptSalt ||
      !digest || digest->size() != kBcryptDigest) {
    return std::nullopt;
  }
  return parse_bcrypt(fmt::format("$2b${:02}${}{}", *cost, bcrypt_base64_encode(*salt),
                                  bcrypt_base64_encode(*digest)));
}

namespace {

std::string phc_text(std::string_view hash) {
  constexpr std::size_t kSalt = 22;
  const std::string_view letters = hash.substr(hash.rfind('$') + 1);
  const auto bytes = [](std::string_view text) {
    return base64_encode_unpadded(bcrypt_base64_decode(text).value_or(""));
  };
  return fmt::format("$bcrypt$v=98$r={}${}${}", parse_count(hash.substr(4, 2)).value_or(0),
                     bytes(letters.substr(0, kSalt)), bytes(letters.substr(kSalt)));
}

}  // namespace

std::optional<NewHash> new_phc_bcrypt(std::string_view /*old*/, const Strength& strength) {
  auto made = new_bcrypt("$2b$", strength);
  if (made) made->finish = phc_text;
  return made;
}

}  // namespace gatehouse::password
