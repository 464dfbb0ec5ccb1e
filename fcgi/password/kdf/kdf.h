/// A key derivation function with its parameters, and a stored hash taken apart.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "password/kdf/cost.h"

namespace gatehouse::password {

inline constexpr std::size_t kUsualPasswordBytes = 12;
/// A typed one has 1,024 bytes at most, and each may become six (`html` in transform.h).
inline constexpr std::size_t kLongestPasswordBytes = 6 * 1024UL;

/// Immutable and thread-safe. It holds parameters only, neither salt nor digest, so that the
/// dearest one of a table can be kept and computed for users that do not exist.
class Kdf {
 public:
  Kdf() = default;
  virtual ~Kdf() = default;
  Kdf(const Kdf&) = delete;
  Kdf& operator=(const Kdf&) = delete;
  Kdf(Kdf&&) = delete;
  Kdf& operator=(Kdf&&) = delete;

  /// For a password of that many bytes: some functions hash it again in each round. Never less for
  /// a longer one. What the limits say of a hash is said of its cost at the typed length.
  [[nodiscard]] virtual Cost cost(std::size_t password_bytes) const noexcept = 0;
  /// For one of usual length, by which hashes compare.
  [[nodiscard]] Cost usual_cost() const noexcept { return cost(kUsualPasswordBytes); }
  /// A function of the same kind that does at most that share (over 0, under 1) of the work, with
  /// as much less memory; null where there is none. What it derives is of no use.
  [[nodiscard]] virtual std::shared_ptr<const Kdf> part(double /*share*/) const { return nullptr; }
  /// For the census: "150000 rounds". Hashes of one strength give one text.
  [[nodiscard]] virtual std::string parameters() const = 0;
  /// Always the same bytes for the same arguments; empty if the library refuses (no memory) or the
  /// function cannot tell this password from another, by a NUL byte in it: that is refused after
  /// computing, in the same time.
  /// `length` is that of the stored digest; a function with a fixed length ignores it.
  /// Call only if `cost` is within the limits.
  [[nodiscard]] virtual std::string derive(std::string_view password, std::string_view salt,
                                           std::size_t length) const = 0;
};
using KdfPointer = std::shared_ptr<const Kdf>;

/// The longest password for which `kdf` is within the limits, at most kLongestPasswordBytes;
/// nothing if there is none.
[[nodiscard]] std::optional<std::size_t> longest_within(const Kdf& kdf,
                                                        const Limits& limits) noexcept;

/// `digest` is in the form that `kdf` gives, and never empty.
struct StoredHash {
  KdfPointer kdf;
  std::string salt;
  std::string digest;
};

/// Computes and compares in constant time. Call only if the cost is within the limits.
[[nodiscard]] bool matches(const StoredHash& stored, const Secret& password);

}  // namespace gatehouse::password
