#include "password/format/argon2.h"

#include <argon2.h>
#include <fmt/core.h>

#include <utility>

#include "base/crypto.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/argon2.h"

namespace gatehouse::password {
namespace {

/// The number after `name`: 65536 for the text `m=65536` and the name `m=`.
std::optional<std::uint64_t> parameter(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  return parse_count(text.substr(name.size()));
}

std::optional<Argon2Variant> variant_named(std::string_view name) {
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
  const auto memory = parameter(parameters->at(0), "m=");
  const auto passes = parameter(parameters->at(1), "t=");
  const auto lanes = parameter(parameters->at(2), "p=");
  if (!memory || !passes || !lanes) return nullptr;
  return make_argon2({*variant, *version, *memory, *passes, *lanes});
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
  std::string before =
      fmt::format("$argon2{}$v=19$m={},t={},p=1${}$", is_argon2i ? "i" : "id",
                  parameters.memory_kib, parameters.passes, base64_encode_unpadded(salt));
  return NewHash{make_argon2(parameters), std::move(salt), kDigestBytes, std::move(before),
                 base64_encode_unpadded};
}

}  // namespace gatehouse::password
