#include "password/kdf/argon2.h"

#include <argon2.h>
#include <fmt/core.h>

#include "password/format/base64.h"
#include "password/format/fields.h"

namespace gatehouse::password {
namespace {

class Argon2 final : public Kdf {
 public:
  explicit Argon2(const Argon2Parameters& parameters) : parameters_(parameters) {}

  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    constexpr std::uint64_t kPicosecondsEach = 1'000'000;  // a KiB, once
    return cost_of(saturating_multiply(parameters_.memory_kib, parameters_.passes),
                   kPicosecondsEach, saturating_multiply(parameters_.memory_kib, 1024));
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    Argon2Parameters less = parameters_;
    less.memory_kib = share_of(less.memory_kib, share);
    return make_argon2(less);
  }
  [[nodiscard]] std::string parameters() const override {
    return fmt::format("m={} t={} p={}", parameters_.memory_kib, parameters_.passes,
                       parameters_.lanes);
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    std::string out(length, '\0');
    // The library reads these through pointers to non-const.
    std::string salt_copy(salt);
    Secret phrase = Secret::copy_of(password);
    argon2_context context{};
    context.out = reinterpret_cast<std::uint8_t*>(out.data());
    context.outlen = static_cast<std::uint32_t>(out.size());
    context.pwd = reinterpret_cast<std::uint8_t*>(const_cast<char*>(phrase.view().data()));
    context.pwdlen = static_cast<std::uint32_t>(phrase.size());
    context.salt = reinterpret_cast<std::uint8_t*>(salt_copy.data());
    context.saltlen = static_cast<std::uint32_t>(salt_copy.size());
    context.t_cost = static_cast<std::uint32_t>(parameters_.passes);
    context.m_cost = static_cast<std::uint32_t>(parameters_.memory_kib);
    context.lanes = static_cast<std::uint32_t>(parameters_.lanes);
    context.threads = 1;  // the login lane has a thread a core already
    context.version = parameters_.version;
    context.flags = ARGON2_DEFAULT_FLAGS;
    const auto type = parameters_.variant == Argon2Variant::i ? Argon2_i : Argon2_id;
    return argon2_ctx(&context, type) == ARGON2_OK ? out : std::string();
  }

 private:
  const Argon2Parameters parameters_;
};

/// The number after `name`: of `m=65536`, 65536.
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

/// The fields between the dollars; five of them, or four where there is no version.
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

KdfPointer make_argon2(const Argon2Parameters& parameters) {
  const auto& [variant, version, memory, passes, lanes] = parameters;
  const bool sound = lanes >= 1 && lanes <= ARGON2_MAX_LANES && passes >= 1 &&
                     memory >= saturating_multiply(lanes, 8);
  return sound ? std::make_shared<Argon2>(parameters) : nullptr;
}

std::optional<StoredHash> parse_argon2(std::string_view hash) {
  constexpr std::size_t kShortestSalt = ARGON2_MIN_SALT_LENGTH;
  constexpr std::size_t kShortestDigest = 16;  // the library takes 4: too few to mean a password
  const auto fields = parse_fields(hash);
  if (!fields) return std::nullopt;
  auto kdf = parse_kdf(*fields);
  auto salt = base64_decode_unpadded(fields->salt);
  auto digest = base64_decode_unpadded(fields->digest);
  if (!kdf || !salt || !digest) return std::nullopt;
  if (salt->size() < kShortestSalt || digest->size() < kShortestDigest) return std::nullopt;
  return StoredHash{std::move(kdf), *std::move(salt), *std::move(digest)};
}

}  // namespace gatehouse::password
