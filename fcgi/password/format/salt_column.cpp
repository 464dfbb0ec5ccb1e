#include "password/format/salt_column.h"

#include <fmt/core.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "password/format/base64.h"
#include "password/format/column_text.h"
#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/format/prehash.h"
#include "password/kdf/argon2.h"
#include "password/kdf/crypt_letters.h"
#include "password/kdf/engine.h"
#include "password/kdf/pbkdf2.h"
#include "password/kdf/scrypt.h"
#include "password/shape/expression.h"
#include "password/shape/lists.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kFewestKeyBytes = 16;
constexpr std::size_t kMostKeyBytes = 64;

/// H(… H(H(m) m) … m), where m is `password{salt}`, or the password if there is no salt.
class SymfonyDigest final : public Kdf {
 public:
  SymfonyDigest(Digest digest, std::uint64_t rounds, std::size_t salt_bytes)
      : digest_(digest), rounds_(rounds), salt_bytes_(salt_bytes) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    constexpr std::uint64_t kBraces = 2;
    return cost_of_rounds(
        rounds_, blocks_of(digest_, digest_size(digest_) + password_bytes + salt_bytes_ + kBraces),
        {300'000, 200'000});
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    const std::uint64_t fewer = share_of(rounds_, share);
    return fewer == 0 ? nullptr : std::make_shared<SymfonyDigest>(digest_, fewer, salt_bytes_);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("{}, {} rounds", to_string(digest_), rounds_);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    std::string text;
    text.reserve(password.size() + salt.size() + 2);
    text += password;
    if (!salt.empty()) text.append("{").append(salt).append("}");
    const Secret message(std::move(text));
    const CoreShare core;
    std::string value = digest_of(digest_, {message.view()});
    for (std::uint64_t i = 1; i < rounds_; ++i) value = digest_of(digest_, {value, message.view()});
    return value;
  }

 private:
  const Digest digest_;
  const std::uint64_t rounds_;
  const std::size_t salt_bytes_;  // it is hashed in each round
};

/// The digest of an expression. Name and salt are its salt, with a NUL byte between them, so that
/// a function that is kept holds nothing of a row (see equaliser.h).
class NestedDigest final : public Kdf {
 public:
  NestedDigest(Expression expression, std::string_view text, std::string_view key)
      : expression_(std::move(expression)), text_(text), key_(Secret::copy_of(key)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return cost_of_rounds(1 + expression_.digests(), blocks_of(Digest::md5, password_bytes),
                          {300'000, 100'000});
  }
  [[nodiscard]] std::string parameters() const override { return text_; }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    const auto end = salt.find('\0');
    const bool named = end != std::string_view::npos;
    return expression_.digest({.password = password,
                               .salt = named ? salt.substr(end + 1) : salt,
                               .key = key_.view(),
                               .name = named ? salt.substr(0, end) : std::string_view()});
  }

 private:
  const Expression expression_;
  const std::string text_;
  const Secret key_;
};

std::optional<StoredHash> pbkdf2_row(std::string_view hash, Digest digest, std::uint64_t rounds,
                                     std::uint64_t length, std::string salt) {
  if (rounds == 0 || length < kFewestKeyBytes || length > kMostKeyBytes) return std::nullopt;
  auto bytes = column_bytes(hash, length);
  if (!bytes) return std::nullopt;
  return StoredHash{make_pbkdf2(digest, rounds, length), std::move(salt), *std::move(bytes)};
}

std::optional<std::string> gitea_salt(std::string_view salt) {
  constexpr std::size_t kText = 10;
  return salt.size() == kText ? std::string(salt) : hex_decode(salt);
}

/// The algorithms that Gitea has short names for (modules/auth/password/hash/setting.go).
std::string_view gitea_algorithm(std::string_view name, std::size_t salt_letters) noexcept {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAliases = {{
      {"pbkdf2", "pbkdf2$10000$50"},
      {"pbkdf2_v1", "pbkdf2$10000$50"},
      {"pbkdf2_v2", "pbkdf2$50000$50"},
      {"pbkdf2_hi", "pbkdf2$320000$50"},
      {"argon2", "argon2$2$65536$8$50"},
      {"bcrypt", "bcrypt$10"},
      {"scrypt", "scrypt$65536$16$2$50"},
  }};
  if (name.empty()) return salt_letters == 10 ? "pbkdf2$10000$50" : "pbkdf2$50000$50";
  for (const auto& [alias, algorithm] : kAliases) {
    if (alias == name) return algorithm;
  }
  return name;
}

std::vector<std::uint64_t> numbers_behind(std::string_view algorithm) {
  std::vector<std::uint64_t> numbers;
  for (auto at = algorithm.find('$'); at != std::string_view::npos;) {
    algorithm.remove_prefix(at + 1);
    at = algorithm.find('$');
    numbers.push_back(parse_count(algorithm.substr(0, at)).value_or(0));
  }
  return numbers;
}

}  // namespace

bool is_fifty_bytes(std::string_view hash) noexcept {
  constexpr std::size_t kDigits = 100;
  return hash.size() == kDigits && is_hex(hash);
}

std::optional<StoredHash> parse_grafana(std::string_view hash, const SchemeInput& input) {
  const auto salt = salt_of(input, "abcdefghij");
  // Without a name for it, a salt in hexadecimal is Gitea's.
  if (!salt || (!input.named && (salt->size() != 10 || input.row.hash_only))) return std::nullopt;
  return pbkdf2_row(hash, Digest::sha256, 10'000, 50, std::string(*salt));
}

std::optional<StoredHash> parse_gitea(std::string_view hash, const SchemeInput& input) {
  const auto given = salt_of(input, "0123456789abcdef0123456789abcdef");
  auto salt = given ? gitea_salt(*given) : std::nullopt;
  if (!salt || (!input.named && given->size() == 10)) return std::nullopt;
  const std::string_view algorithm = gitea_algorithm(input.argument, given->size());
  const auto numbers = numbers_behind(algorithm);
  const std::string_view name = algorithm.substr(0, algorithm.find('$'));
  if (name == "bcrypt") return parse_bcrypt(hash);
  if (name == "pbkdf2" && numbers.size() == 2) {
    return pbkdf2_row(hash, Digest::sha256, numbers[0], numbers[1], *std::move(salt));
  }
  KdfPointer kdf;
  if (name == "argon2" && numbers.size() == 4) {
    kdf = make_argon2({Argon2Variant::id, kArgon2Version13, numbers[1], numbers[0], numbers[2]});
  } else if (name == "scrypt" && numbers.size() == 4) {
    kdf = make_scrypt({numbers[0], numbers[1], numbers[2]});
  }
  if (!kdf || numbers[3] < kFewestKeyBytes || numbers[3] > kMostKeyBytes) return std::nullopt;
  auto bytes = column_bytes(hash, numbers[3]);
  if (!bytes) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(bytes)};
}

std::optional<StoredHash> parse_gitea_without_algorithm(std::string_view hash,
                                                        const SchemeInput& input) {
  const auto salt = salt_of(input, "0123456789abcdef0123456789abcdef");
  if (!input.argument.empty() || !salt || salt->size() == 10) return std::nullopt;
  SchemeInput old = input;
  old.argument = "pbkdf2_v1";
  return parse_gitea(hash, old);
}

std::optional<StoredHash> parse_pbkdf2_column(std::string_view hash, const SchemeInput& input) {
  const auto words = split_list(input.argument);
  const auto digest = words.size() < 3 ? std::nullopt : digest_named(words[0]);
  const auto given = salt_of(input, "0123456789abcdef");
  if (!digest || *digest == Digest::md5 || !given) return std::nullopt;
  std::optional<std::string> salt = std::string(*given);
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "salt-hex" || words[i] == "salt=hex") salt = hex_decode(*given);
    if (words[i] == "salt-base64" || words[i] == "salt=base64") salt = base64_decode(*given);
  }
  if (!salt) return std::nullopt;
  return pbkdf2_row(hash, *digest, parse_count(words[1]).value_or(0),
                    parse_count(words[2]).value_or(0), *std::move(salt));
}

std::optional<StoredHash> parse_symfony(std::string_view hash, const SchemeInput& input) {
  constexpr std::uint64_t kUsualRounds = 5000;
  const auto words = split_list(input.argument);
  const auto digest = words.empty() ? Digest::sha512 : digest_named(words[0]);
  const auto rounds = words.size() < 2 ? kUsualRounds : parse_count(words[1]).value_or(0);
  if (!digest || rounds == 0) return std::nullopt;
  auto bytes = column_bytes(hash, digest_size(*digest));
  if (!bytes) return std::nullopt;
  return StoredHash{std::make_shared<SymfonyDigest>(*digest, rounds, input.row.salt.size()),
                    std::string(input.row.salt), *std::move(bytes)};
}

bool has_weak_rounds(std::string_view argument) {
  constexpr std::uint64_t kFewestStrongRounds = 1000;
  const auto words = split_list(argument);
  if (!words.empty() && digest_named(words[0]) == Digest::md5) return true;
  return words.size() > 1 && parse_count(words[1]).value_or(0) < kFewestStrongRounds;
}

bool is_processwire(std::string_view hash) noexcept {
  constexpr std::size_t kLetters = 31;
  return hash.size() == kLetters && is_crypt_text(hash);
}

std::optional<StoredHash> parse_processwire(std::string_view hash, const SchemeInput& input) {
  const auto salt = salt_of(input, "$2y$11$......................");
  constexpr std::size_t kSettingSize = 29;
  if (!salt || salt->size() != kSettingSize) return std::nullopt;
  return parse_bcrypt(std::string(*salt).append(hash));
}

bool is_espocrm(std::string_view hash) noexcept {
  constexpr std::size_t kLetters = 86;
  return hash.size() == kLetters && is_crypt_text(hash);
}

std::optional<StoredHash> parse_espocrm(std::string_view hash, const SchemeInput& input) {
  constexpr std::size_t kMostSalt = 16;
  const auto salt =
      input.key.empty() ? salt_of(input, "0123456789abcdef") : std::optional(input.key);
  if (!salt) return std::nullopt;
  auto stored = parse_sha512_crypt(fmt::format("$6${}${}", salt->substr(0, kMostSalt), hash));
  if (stored) stored->kdf = over_md5(std::move(stored->kdf));
  return stored;
}

std::optional<StoredHash> parse_nested_digest(std::string_view hash, const SchemeInput& input) {
  auto expression = Expression::parse(input.argument);
  if (!expression || (expression->reads_key() && input.key.empty())) return std::nullopt;
  auto bytes = column_bytes(hash, expression->size());
  if (!bytes) return std::nullopt;
  std::string salt(input.row.name);
  salt += '\0';
  salt += input.row.salt;
  return StoredHash{
      std::make_shared<NestedDigest>(*std::move(expression), input.argument, input.key),
      std::move(salt), *std::move(bytes)};
}

}  // namespace gatehouse::password
