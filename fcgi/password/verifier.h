/// Checking a typed password against a stored hash.
#pragma once

#include <string_view>

#include "base/guarded.h"
#include "base/secret.h"
#include "config/settings.h"
#include "password/scheme.h"

namespace gatehouse::password {

enum class Verdict {
  match,
  mismatch,
  unknown_scheme,  ///< no row of the table reads this
  malformed,       ///< the scheme's prefix, but not its form
  too_costly,      ///< over Password::max_time or max_memory_bytes; nothing was computed
};
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

/// Thread-safe.
class Verifier {
 public:
  explicit Verifier(const config::Password& limits);

  /// Computes the hash of `password` in the scheme of `hash` and compares in constant time.
  /// A verdict other than `match` costs as much as the dearest hash that was noted.
  [[nodiscard]] Verdict verify(const Secret& password, std::string_view hash) const;

  /// For a user that does not exist: takes as long as a mismatch of `verify`.
  void spend(const Secret& password) const;

  /// Learns of a hash that stands in the table (the census calls it); what cannot be read or costs
  /// too much is left out. Every `verify` does it too.
  void note(std::string_view hash) const;

 private:
  Limits limits_;
  mutable Guarded<Cost> dearest_;
};

}  // namespace gatehouse::password
