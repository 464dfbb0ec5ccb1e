#include "password/format/argon2.h"

#include <argon2.h>
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/argon2.h"

namespace gatehouse::password {
namespace {

/// The three numbers behind `m=`, `t=` and `p=`, in any order: npm's argon2 and AdonisJS write them
/// in others than Argon2's own library.
struct Numbers {
  std::optional<std::uint64_t> memory{};
  std::optional<std::uint64_t> passes{};
  std::optional<std::uint64_t> lanes{};

  [[nodiscard]] bool take(std::string_view text) {
    if (text.size() < 3 || text[1] != '=') return false;
    auto& number = text[0] == 'm' ? memory : text[0] == 't' ? passes : lanes;
    if (number || std::string_view("mtp").find(text[0]) == std::string_view::npos) return false;
    number = parse_count(text.substr(2));
    return number.has_value();
  }
};

std::optional<Argon2Variant> variant_named(std::string_view name) {
  if (name == "argon2d") return Argon2Variant::d;
  if (name == "argon2i") return Argon2Variant::i;
  if (name == "argon2id") return Argon2Variant::id;
  return std::nullopt;
}

std::optional<std::uint32_t> version_of(std::string_view field) {
  if (field == "v=16") return ARGON2_VERSION_10;
  if (field == "v=19") return ARGON2_VERSION_13;
  return std::nullopt;
}

/// The texts between the dollars. A hash has five of them, or four if it names no version.
struct Fields {
  std::string_view variant;
  std::string_view version = "v=16";
  std::string_view parameters;
  std::string_view salt;
  std::string_view digest;
};
std::optional<Fields> parse_fields(std::string_view hash) {
  if (const auto with = split<6>(hash, '$')) {
    return Fields{with->at(1), with->at(2), with->at(3), with->at(4), with->at(5)};
  }
  if (const auto without = split<5>(hash, '$')) {
    return Fields{without->at(1), "v=16", without->at(2), without->at(3), without->at(4)};
  }
  return std::nullopt;
}

KdfPointer parse_kdf(const Fields& fields) {
  const auto variant = variant_named(fields.variant);
  const auto version = version_of(fields.version);
  const auto parameters = split<3>(fields.parameters, ',');
  if (!variant || !version || !parameters) return nullptr;
  Numbers numbers;
  for (const std::string_view field : *parameters) {
    if (!numbers.take(field)) return nullptr;
  }
  return make_argon2({*variant, *version, *numbers.memory, *numbers.passes, *numbers.lanes});
}

/// The three parameters in the order in which `old` has them: PHP reads its own order alone.
std::string in_order_of(std::string_view old, const std::string& memory,
                        const std::string& passes) {
  const auto fields = parse_fields(old);
  const std::string_view order = fields ? fields->parameters : "m=,t=,p=";
  std::string text;
  for (std::string_view rest = order; !rest.empty();) {
    text.append(text.empty() ? "" : ",");
    text.append(rest.front() == 'm' ? memory : rest.front() == 't' ? passes : "p=1");
    rest.remove_prefix(std::min(rest.size(), std::min(rest.find(','), rest.size() - 1) + 1));
  }
  return text;
}

}  // namespace

std::optional<StoredHash> parse_argon2(std::string_view hash) {
  constexpr std::size_t kShortestSalt = ARGON2_MIN_SALT_LENGTH;
  constexpr std::size_t kShortestDigest = 16;  // the library takes 4, which others could match
  const auto fields = parse_fields(hash);
  if (!fields) return std::nullopt;
  auto kdf = parse_kdf(*fields);
  auto salt = base64_decode_unpadded(fields->salt);
  auto digest = base64_decode_unpadded(fields->digest);
  if (!kdf || !salt || !digest) return std::nullopt;
  if (salt->size() < kShortestSalt || digest->size() < kShortestDigest) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

std::optional<NewHash> new_argon2(std::string_view old, const Strength& strength) {
  constexpr std::size_t kDigestBytes = 32;
  const bool is_argon2i = old.starts_with("$argon2i$");
  const Argon2Parameters parameters{is_argon2i ? Argon2Variant::i : Argon2Variant::id,
                                    ARGON2_VERSION_13, strength.argon2_memory_kib,
                                    strength.argon2_passes, 1};
  std::string salt = random_bytes(kSaltBytes);
  std::string before = fmt::format("$argon2{}$v=19${}${}$", is_argon2i ? "i" : "id",
                                   in_order_of(old, fmt::format("m={}", parameters.memory_kib),
                                               fmt::format("t={}", parameters.passes)),
                                   base64_encode_unpadded(salt));
  return NewHash{make_argon2(parameters), std::move(salt), kDigestBytes, std::move(before),
                 base64_encode_unpadded};
}

}  // namespace gatehouse::password
