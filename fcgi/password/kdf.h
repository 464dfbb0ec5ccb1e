/// A key derivation function with its parameters, and a stored hash taken apart.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "password/cost.h"

namespace gatehouse::password {

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

  [[nodiscard]] virtual Cost cost() const noexcept = 0;
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

/// `digest` is in the form that `kdf` gives, and never empty.
struct StoredHash {
  KdfPointer kdf;
  std::string salt;
  std::string digest;
};

/// Computes and compares in constant time. Call only if the cost is within the limits.
[[nodiscard]] bool matches(const StoredHash& stored, const Secret& password);

}  // namespace gatehouse::password
