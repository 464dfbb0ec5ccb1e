#include "password/format/mediawiki.h"

#include <fmt/core.h>

#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kMostWikiKeyBytes = 128;  // of the versions 1.24 and later

/// PBKDF2 over an older hash of MediaWiki, as text. The salt is that of the older one, a colon, and
/// that of PBKDF2.
class Layered final : public Kdf {
 public:
  Layered(KdfPointer pbkdf2, bool salted) : pbkdf2_(std::move(pbkdf2)), salted_(salted) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost cost = pbkdf2_->cost(password_bytes);
    cost.time += legacy_cost(password_bytes).time;
    return cost;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    auto less = pbkdf2_->part(share);
    return less ? std::make_shared<Layered>(std::move(less), salted_) : nullptr;
  }
  [[nodiscard]] std::string parameters() const override {
    return pbkdf2_->parameters() + " over MD5";
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    const auto end = salt.find(':');
    const std::string_view inner = salt.substr(0, end);
    const std::string_view outer =
        end == std::string_view::npos ? std::string_view() : salt.substr(end + 1);
    Secret digits(hex_encode(digest_of(Digest::md5, {password})));
    if (salted_) digits = Secret(hex_encode(digest_of(Digest::md5, {inner, "-", digits.view()})));
    return pbkdf2_->derive(digits.view(), outer, length);
  }

 private:
  static Cost legacy_cost(std::size_t password_bytes) noexcept {
    return cost_of_rounds(2, blocks_of(Digest::md5, password_bytes), {300'000, 100'000});
  }

  const KdfPointer pbkdf2_;
  const bool salted_;
};

/// The function, and how many bytes it derives.
struct WikiPbkdf2 {
  KdfPointer kdf;
  std::size_t length;
};
std::optional<WikiPbkdf2> parse_parameters(std::string_view digest_name,
                                           std::string_view rounds_text,
                                           std::string_view length_text) {
  const auto digest = digest_named(digest_name);
  const auto rounds = parse_count(rounds_text);
  const auto length = parse_count(length_text);
  if (!digest || !rounds || *rounds == 0 || !length || *length < 16 ||
      *length > kMostWikiKeyBytes) {
    return std::nullopt;
  }
  return WikiPbkdf2{make_pbkdf2(*digest, *rounds, *length), *length};
}

}  // namespace

std::optional<StoredHash> parse_mediawiki_a(std::string_view hash) {
  const auto fields = split<3>(hash, ':');
  auto digest = fields ? hex_decode(fields->at(2)) : std::nullopt;
  if (!digest || digest->size() != digest_size(Digest::md5)) return std::nullopt;
  return StoredHash{make_simple(Digest::md5, Arrangement::password), "", *std::move(digest)};
}

std::optional<StoredHash> parse_mediawiki_b(std::string_view hash) {
  const auto fields = split<4>(hash, ':');
  auto digest = fields ? hex_decode(fields->at(3)) : std::nullopt;
  if (!digest || digest->size() != digest_size(Digest::md5)) return std::nullopt;
  return StoredHash{make_simple(Digest::md5, Arrangement::salt_dash_digest),
                    std::string(fields->at(2)), *std::move(digest)};
}

std::optional<StoredHash> parse_mediawiki_pbkdf2(std::string_view hash) {
  const auto fields = split<7>(hash, ':');
  if (!fields) return std::nullopt;
  auto read = parse_parameters(fields->at(2), fields->at(3), fields->at(4));
  auto salt = base64_decode(fields->at(5));
  auto digest = base64_decode(fields->at(6));
  if (!read || !salt || !digest || digest->size() != read->length) return std::nullopt;
  return StoredHash{std::move(read->kdf), *std::move(salt), *std::move(digest)};
}

std::optional<StoredHash> parse_mediawiki_layered(std::string_view hash) {
  constexpr std::string_view kType = ":pbkdf2-legacyX:";
  const auto parts =
      hash.size() > kType.size() ? split<5>(hash.substr(kType.size()), '!') : std::nullopt;
  const auto numbers = parts ? split<3>(parts->at(1), ':') : std::nullopt;
  if (!numbers || !parts->at(0).empty()) return std::nullopt;
  const bool salted = hash.starts_with(":pbkdf2-legacyB:");
  if (parts->at(2).empty() == salted || parts->at(2).find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  auto read = parse_parameters(numbers->at(0), numbers->at(1), numbers->at(2));
  const auto salt = base64_decode(parts->at(3));
  auto digest = base64_decode(parts->at(4));
  if (!read || !salt || !digest || digest->size() != read->length) return std::nullopt;
  return StoredHash{std::make_shared<Layered>(std::move(read->kdf), salted),
                    fmt::format("{}:{}", parts->at(2), *salt), *std::move(digest)};
}

std::optional<StoredHash> parse_mediawiki_bcrypt(std::string_view hash) {
  constexpr std::string_view kType = ":bcrypt:";
  const auto fields =
      hash.starts_with(kType) ? split<3>(hash.substr(kType.size()), '$') : std::nullopt;
  const auto cost = fields ? parse_count(fields->at(0)) : std::nullopt;
  if (!cost || *cost > 31 || fields->at(0).size() > 2 || fields->at(1).size() != 22) {
    return std::nullopt;
  }
  return parse_bcrypt(fmt::format("$2y${:02}${}{}", *cost, fields->at(1), fields->at(2)));
}

std::optional<NewHash> new_mediawiki_pbkdf2(std::string_view /*old*/, const Strength& strength) {
  constexpr std::size_t kLength = 64;
  const std::uint64_t rounds = pbkdf2_rounds(Digest::sha512, strength);
  std::string salt = random_bytes(kSaltBytes);
  std::string before =
      fmt::format(":pbkdf2:sha512:{}:{}:{}:", rounds, kLength, base64_encode(salt));
  return NewHash{make_pbkdf2(Digest::sha512, rounds, kLength), std::move(salt), kLength,
                 std::move(before), base64_encode};
}

namespace {

/// `cost$salt$digest` from `$2y$cost$` and salt and digest behind it.
std::string bcrypt_in_fields(std::string_view hash) {
  constexpr std::size_t kSalt = 22;
  const std::string_view letters = hash.substr(hash.rfind('$') + 1);
  const auto cost = parse_count(hash.substr(4, 2)).value_or(0);
  return fmt::format("{}${}${}", cost, letters.substr(0, kSalt), letters.substr(kSalt));
}

}  // namespace

std::optional<NewHash> new_mediawiki_bcrypt(std::string_view /*old*/, const Strength& strength) {
  auto made = new_bcrypt("$2y$", strength);
  if (!made) return std::nullopt;
  made->before = ":bcrypt:";
  made->finish = bcrypt_in_fields;
  return made;
}

}  // namespace gatehouse::password
