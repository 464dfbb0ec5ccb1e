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

/// The length of password at which the costs of hashes are compared.
inline constexpr std::size_t kUsualPasswordBytes = 12;
/// A typed password has 1,024 bytes at most, each may become six (`html` in transform.h), and a key
/// or a salt of at most 1,024 bytes may come beside it.
inline constexpr std::size_t kLongestPasswordBytes = 8 * 1024UL;

/// A key derivation function with its parameters, but without salt and digest: so the dearest one
/// of the table can be kept, and computed for users that do not exist, without keeping anybody's
/// hash. Immutable and thread-safe.
class Kdf {
 public:
  Kdf() = default;
  virtual ~Kdf() = default;
  Kdf(const Kdf&) = delete;
  Kdf& operator=(const Kdf&) = delete;
  Kdf(Kdf&&) = delete;
  Kdf& operator=(Kdf&&) = delete;

  /// The cost for a password of that many bytes, since some functions hash it again in each round.
  /// Never less for a longer password. The limits are compared with the cost at the typed length.
  [[nodiscard]] virtual Cost cost(std::size_t password_bytes) const noexcept = 0;
  /// The cost by which hashes are compared.
  [[nodiscard]] Cost usual_cost() const noexcept { return cost(kUsualPasswordBytes); }
  /// A function of the same kind that does at most `share` (over 0, under 1) of the work, with as
  /// much less memory; null if there is none. It serves to spend time (see equaliser.h); the bytes
  /// that it derives mean nothing.
  [[nodiscard]] virtual std::shared_ptr<const Kdf> part(double /*share*/) const { return nullptr; }
  /// The parameters in words for the census, for example "150000 rounds": the same text for all
  /// hashes of one strength.
  [[nodiscard]] virtual std::string parameters() const = 0;
  /// The digest of `password` in the form in which StoredHash keeps it: always the same bytes for
  /// the same arguments. Empty if the library refuses (no memory), or if the function cannot tell
  /// this password from another because of a NUL byte; then it has taken its usual time all the
  /// same. `length` is that of the stored digest; a function with a fixed length ignores it. Call
  /// only if `cost` is within the limits.
  [[nodiscard]] virtual std::string derive(std::string_view password, std::string_view salt,
                                           std::size_t length) const = 0;
};
using KdfPointer = std::shared_ptr<const Kdf>;

/// The longest password for which `kdf` is within the limits, at most kLongestPasswordBytes;
/// nothing if there is none.
[[nodiscard]] std::optional<std::size_t> longest_within(const Kdf& kdf,
                                                        const Limits& limits) noexcept;

/// A stored hash taken apart. `digest` is in the form that `kdf` derives, and never empty.
struct StoredHash {
  KdfPointer kdf;
  std::string salt;
  std::string digest;
};

/// Computes the hash of `password` and compares in constant time. Call only if its cost is within
/// the limits.
[[nodiscard]] bool matches(const StoredHash& stored, const Secret& password);

}  // namespace gatehouse::password
