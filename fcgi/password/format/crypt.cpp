#include "password/format/crypt.h"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <utility>

#include "password/format/fields.h"
#include "password/kdf/bcrypt.h"
#include "password/kdf/crypt.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/yescrypt_parameters.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kSha256Letters = 43;
constexpr std::size_t kSha512Letters = 86;
constexpr std::size_t kYescryptLetters = 43;
constexpr std::size_t kMostYescryptSalt = 86;
constexpr std::size_t kBcryptDigestLetters = 31;

/// A function of crypt(3) derives the whole hash, so the whole hash is the digest to compare with.
StoredHash stored(KdfPointer kdf, std::string_view salt, std::string_view hash) {
  return {std::move(kdf), std::string(salt), std::string(hash)};
}

bool is_bcrypt(std::string_view hash) noexcept {
  return hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$") ||
         hash.starts_with("$2x$");
}

/// True if crypt(3) takes these letters in a salt: it refuses unprintable ones, and those that
/// separate fields in passwd(5) or mark a locked account.
bool is_salt(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view(":;*!\\$").find(c) == std::string_view::npos;
  });
}

/// True if these letters of crypt(3) stand for whole bytes. libxcrypt refuses any other salt of
/// yescrypt (lib/alg-yescrypt-common.c, decode64).
bool is_salt_of_bytes(std::string_view text) noexcept {
  if (text.empty()) return true;
  const unsigned left_over = text.size() * 6 % 8;
  return is_crypt_text(text) && left_over < 6 &&
         crypt_value(text.back()).value_or(0) < 1U << (6 - left_over);
}

/// The parts of `salt$digest`.
struct Parts {
  std::string_view salt;
  std::string_view digest;
};
/// Splits the text. Gives nothing unless the digest has exactly `letters` letters.
std::optional<Parts> parse_parts(std::string_view text, std::size_t most_salt,
                                 std::size_t letters) noexcept {
  const auto fields = split<2>(text, '$');
  if (!fields) return std::nullopt;
  const auto& [salt, digest] = *fields;
  const bool sound = salt.size() <= most_salt && is_salt(salt) && digest.size() == letters &&
                     is_crypt_text(digest);
  return sound ? std::optional(Parts{salt, digest}) : std::nullopt;
}

/// `$5$` and `$6$` differ in the digest alone.
std::optional<StoredHash> parse_sha_crypt(std::string_view hash, Digest digest,
                                          std::size_t digest_letters) {
  constexpr std::size_t kPrefix = 3;
  constexpr std::string_view kRounds = "rounds=";
  std::string_view rest = hash.substr(std::min(hash.size(), kPrefix));
  std::uint64_t rounds = 5000;
  if (rest.starts_with(kRounds)) {
    const std::string_view number = rest.substr(kRounds.size(), rest.find('$') - kRounds.size());
    rounds = parse_count(number).value_or(0);
    if (rounds < kFewestShaCryptRounds || rounds > kMostShaCryptRounds || number.front() == '0') {
      return std::nullopt;
    }
    rest.remove_prefix(std::min(rest.size(), kRounds.size() + number.size() + 1));
  }
  const auto parts = parse_parts(rest, kMostShaCryptSalt, digest_letters);
  if (!parts) return std::nullopt;
  std::string before_salt(hash.substr(0, hash.size() - rest.size()));
  return stored(make_sha_crypt(digest, rounds, std::move(before_salt)), parts->salt, hash);
}

/// The setting of a new hash, with a random salt: `prefix` is `$2y$` and `cost` 12, for example.
/// Empty if crypt(3) refuses the two.
std::string new_setting(const std::string& prefix, unsigned long cost) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> out{};
  const char* const made =
      crypt_gensalt_rn(prefix.c_str(), cost, nullptr, 0, out.data(), static_cast<int>(out.size()));
  return made == nullptr ? std::string() : std::string(made);
}

std::string verbatim(std::string_view digest) {
  return std::string(digest);
}

/// The parser makes the function and the salt: a setting with `letters` of any digest after it is a
/// whole hash.
std::optional<NewHash> new_crypt(const std::string& setting,
                                 std::optional<StoredHash> (*parse)(std::string_view),
                                 std::size_t letters) {
  auto parsed = parse(setting + std::string(letters, '.'));
  if (!parsed) return std::nullopt;
  return NewHash{std::move(parsed->kdf), std::move(parsed->salt), letters, "", verbatim};
}

}  // namespace

std::optional<StoredHash> parse_bcrypt(std::string_view hash) {
  constexpr std::size_t kPrefix = 7;  // `$2y$10$`
  constexpr std::size_t kSalt = 22;
  constexpr std::size_t kLength = 60;
  if (!is_bcrypt(hash) || hash.size() != kLength || hash[kPrefix - 1] != '$' ||
      !is_crypt_text(hash.substr(kPrefix))) {
    return std::nullopt;
  }
  const auto cost = parse_count(hash.substr(4, 2));
  if (!cost || *cost < kLeastBcryptCost || *cost > kMostBcryptCost) return std::nullopt;
  return stored(make_bcrypt(hash.substr(0, 4), static_cast<unsigned>(*cost)),
                hash.substr(kPrefix, kSalt), hash);
}

std::optional<StoredHash> parse_sha256_crypt(std::string_view hash) {
  return parse_sha_crypt(hash, Digest::sha256, kSha256Letters);
}

std::optional<StoredHash> parse_sha512_crypt(std::string_view hash) {
  return parse_sha_crypt(hash, Digest::sha512, kSha512Letters);
}

std::optional<StoredHash> parse_yescrypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$y$";
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  auto read = parse_yescrypt_parameters(hash.substr(kPrefix.size()));
  if (!read) return std::nullopt;
  const std::size_t before_salt = kPrefix.size() + read->length + 1;
  const auto parts = parse_parts(hash.substr(before_salt), kMostYescryptSalt, kYescryptLetters);
  if (!parts || !is_salt_of_bytes(parts->salt)) return std::nullopt;
  read->n_at += kPrefix.size();
  return stored(make_yescrypt(*read, std::string(hash.substr(0, before_salt))), parts->salt, hash);
}

std::optional<StoredHash> parse_scrypt_crypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$7$";
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  auto read = parse_scrypt_crypt_parameters(hash.substr(kPrefix.size()));
  if (!read) return std::nullopt;
  const std::size_t before_salt = kPrefix.size() + read->length;
  const auto parts = parse_parts(hash.substr(before_salt), kMostYescryptSalt, kYescryptLetters);
  if (!parts || !is_crypt_text(parts->salt)) return std::nullopt;
  read->n_at += kPrefix.size();
  return stored(make_yescrypt(*read, std::string(hash.substr(0, before_salt))), parts->salt, hash);
}

std::optional<StoredHash> parse_md5_crypt(std::string_view hash) {
  constexpr std::string_view kPrefix = "$1$";
  constexpr std::size_t kDigestLetters = 22;
  if (!hash.starts_with(kPrefix)) return std::nullopt;
  const auto parts = parse_parts(hash.substr(kPrefix.size()), kMostMd5CryptSalt, kDigestLetters);
  return parts ? std::optional(stored(make_md5_crypt(), parts->salt, hash)) : std::nullopt;
}

bool is_des_crypt(std::string_view hash) noexcept {
  constexpr std::size_t kLength = 13;
  return hash.size() == kLength && is_crypt_text(hash);
}

std::optional<StoredHash> parse_des_crypt(std::string_view hash) {
  if (!is_des_crypt(hash)) return std::nullopt;
  return stored(make_des_crypt(), hash.substr(0, 2), hash);
}

bool is_strong_crypt(std::string_view hash) noexcept {
  return is_bcrypt(hash) || hash.starts_with("$5$") || hash.starts_with("$6$") ||
         hash.starts_with("$y$") || hash.starts_with("$7$");
}

std::optional<StoredHash> parse_strong_crypt(std::string_view hash) {
  if (is_bcrypt(hash)) return parse_bcrypt(hash);
  if (hash.starts_with("$5$")) return parse_sha256_crypt(hash);
  if (hash.starts_with("$6$")) return parse_sha512_crypt(hash);
  return hash.starts_with("$7$") ? parse_scrypt_crypt(hash) : parse_yescrypt(hash);
}

std::optional<StoredHash> parse_weak_crypt(std::string_view hash) {
  return hash.starts_with("$1$") ? parse_md5_crypt(hash) : parse_des_crypt(hash);
}

std::optional<NewHash> new_bcrypt(std::string_view old, const Strength& strength) {
  const bool keeps = is_bcrypt(old) && !old.starts_with("$2x$");
  const std::string variant(keeps ? old.substr(0, 4) : "$2y$");
  auto made =
      new_crypt(new_setting(variant, strength.bcrypt_cost), parse_bcrypt, kBcryptDigestLetters);
  if (made) made->most_password_bytes = kBcryptPasswordBytes;
  return made;
}

std::optional<NewHash> new_sha256_crypt(std::string_view /*old*/, const Strength& strength) {
  return new_crypt(new_setting("$5$", strength.sha_crypt_rounds) + "$", parse_sha256_crypt,
                   kSha256Letters);
}

std::optional<NewHash> new_sha512_crypt(std::string_view /*old*/, const Strength& strength) {
  return new_crypt(new_setting("$6$", strength.sha_crypt_rounds) + "$", parse_sha512_crypt,
                   kSha512Letters);
}

std::optional<NewHash> new_yescrypt(std::string_view /*old*/, const Strength& strength) {
  return new_crypt(new_setting("$y$", strength.yescrypt_cost) + "$", parse_yescrypt,
                   kYescryptLetters);
}

}  // namespace gatehouse::password
