#include "password/format/magento.h"

#include <argon2.h>
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/encoding.h"
#include "password/format/fields.h"
#include "password/kdf/argon2.h"
#include "password/kdf/simple.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kArgon2Salt = 16;
constexpr std::size_t kMostVersions = 4;

/// A function of the chain and the bytes that it derives.
struct Step {
  KdfPointer kdf;
  std::size_t length;
  bool strong;
};

std::optional<Step> argon2_step(std::uint64_t length, std::uint64_t passes, std::uint64_t bytes) {
  if (length < 16 || length > 64) return std::nullopt;
  auto kdf = make_argon2({Argon2Variant::id, ARGON2_VERSION_13, bytes / 1024, passes, 1});
  if (!kdf) return std::nullopt;
  return Step{std::move(kdf), length, true};
}

std::optional<Step> step_of(std::string_view version) {
  if (version == "0") {
    return Step{make_simple(Digest::md5, Arrangement::salt_then_password), 16, false};
  }
  if (version == "1") {
    return Step{make_simple(Digest::sha256, Arrangement::salt_then_password), 32, false};
  }
  if (version == "2") return argon2_step(32, 2, 64UL << 20U);
  const auto fields = split<4>(version, '_');
  if (!fields || fields->at(0) != "3") return std::nullopt;
  const auto length = parse_count(fields->at(1));
  const auto passes = parse_count(fields->at(2));
  const auto bytes = parse_count(fields->at(3));
  if (!length || !passes || !bytes) return std::nullopt;
  return argon2_step(*length, *passes, *bytes);
}

/// libsodium's Argon2 takes 16 bytes of salt: the first ones, or a shorter salt again and again.
std::string argon2_salt(std::string_view salt) {
  std::string bytes;
  while (bytes.size() < kArgon2Salt) bytes += salt;
  bytes.resize(kArgon2Salt);
  return bytes;
}

class Chain final : public Kdf {
 public:
  explicit Chain(std::vector<Step> steps) : steps_(std::move(steps)) {}

  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    Cost all{};
    for (const Step& step : steps_) {
      const Cost one = step.kdf->cost(password_bytes);
      constexpr auto kMost = std::chrono::nanoseconds::max();
      all.time = one.time > kMost - all.time ? kMost : all.time + one.time;
      all.memory_bytes = std::max(all.memory_bytes, one.memory_bytes);
    }
    return all;
  }
  [[nodiscard]] KdfPointer part(double share) const override {
    return steps_.back().kdf->part(share);
  }
  [[nodiscard]] std::string parameters() const override {
    std::string all;
    for (const Step& step : steps_) {
      all.append(all.empty() ? "" : ", then ").append(step.kdf->parameters());
    }
    return all;
  }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t /*length*/) const override {
    if (salt.empty()) return {};
    Secret text = Secret::copy_of(password);
    std::string bytes;
    for (const Step& step : steps_) {
      const std::string used = step.strong ? argon2_salt(salt) : std::string(salt);
      bytes = step.kdf->derive(text.view(), used, step.length);
      if (bytes.empty()) return {};
      text = Secret(hex_encode(bytes));
    }
    return bytes;
  }

 private:
  const std::vector<Step> steps_;
};

bool is_version(std::string_view text) noexcept {
  return text == "0" || text == "1" || text == "2" ||
         (text.starts_with("3_") &&
          text.find_first_not_of("0123456789_") == std::string_view::npos);
}

/// The last version of the chain; empty if there is none.
std::string_view last_version(std::string_view hash) noexcept {
  const auto first = hash.find(':');
  const auto last = hash.rfind(':');
  if (first == last || !is_hex(hash.substr(0, first))) return {};
  const std::string_view version = hash.substr(last + 1);
  return is_version(version) ? version : std::string_view();
}

}  // namespace

bool is_strong_magento(std::string_view hash) noexcept {
  const std::string_view version = last_version(hash);
  return version == "2" || version.starts_with("3_");
}

bool is_weak_magento(std::string_view hash) noexcept {
  const std::string_view version = last_version(hash);
  return version == "0" || version == "1";
}

std::optional<StoredHash> parse_magento(std::string_view hash) {
  const auto end = hash.find(':');
  if (end == std::string_view::npos) return std::nullopt;
  const auto salt_end = hash.find(':', end + 1);
  if (salt_end == std::string_view::npos || salt_end == end + 1) return std::nullopt;
  const std::string_view salt = hash.substr(end + 1, salt_end - end - 1);
  std::vector<Step> steps;
  for (std::string_view rest = hash.substr(salt_end);
       !rest.empty() && steps.size() <= kMostVersions;) {
    rest.remove_prefix(1);
    const auto next = std::min(rest.find(':'), rest.size());
    auto step = step_of(rest.substr(0, next));
    if (!step) return std::nullopt;
    steps.push_back(std::move(*step));
    rest.remove_prefix(next);
  }
  auto digest = hex_decode(hash.substr(0, end));
  if (steps.empty() || steps.size() > kMostVersions || !digest ||
      digest->size() != steps.back().length) {
    return std::nullopt;
  }
  return StoredHash{std::make_shared<Chain>(std::move(steps)), std::string(salt),
                    *std::move(digest)};
}

std::optional<NewHash> new_magento(std::string_view /*old*/, const Strength& strength) {
  constexpr std::size_t kLength = 32;
  const std::uint64_t bytes = saturating_multiply(strength.argon2_memory_kib, 1024);
  auto step = argon2_step(kLength, strength.argon2_passes, bytes);
  if (!step) return std::nullopt;
  std::vector<Step> steps;
  steps.push_back(std::move(*step));
  std::string salt = hex_encode(random_bytes(kArgon2Salt));
  NewHash made{std::make_shared<Chain>(std::move(steps)), salt, kLength, "", hex_encode};
  made.after = fmt::format(":{}:3_{}_{}_{}", salt, kLength, strength.argon2_passes, bytes);
  return made;
}

}  // namespace gatehouse::password
