/// Checking a typed password against a stored hash.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "config/settings.h"
#include "password/cost.h"
#include "password/equaliser.h"
#include "password/policy.h"
#include "password/scheme.h"

namespace gatehouse::password {

enum class Verdict {
  match,
  mismatch,
  unknown_scheme,  ///< no row of the table reads this
  malformed,       ///< the scheme's prefix, but not its form; or longer than 1024 bytes
  too_costly,      ///< over Password::max_time or max_memory_bytes; nothing was computed
  weak_refused,    ///< a weak scheme that the policy does not list; nothing was computed
};
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

/// Thread-safe.
class Verifier {
 public:
  /// `processor` must outlive it. Until a hash was noted, Werkzeug's old default (PBKDF2-SHA256,
  /// 150,000 rounds) stands as the dearest.
  explicit Verifier(const config::Password& limits, Policy policy = {},
                    const Processor& processor = this_processor());

  /// Computes the hash of `password` in the scheme of `hash` and compares in constant time.
  /// A verdict other than `match` costs as much as the dearest hash that was noted.
  [[nodiscard]] Verdict verify(const Secret& password, std::string_view hash) const;

  /// For a user that does not exist: takes as long as a mismatch of `verify`.
  void spend(const Secret& password) const;

  /// Learns of a hash that stands in the table (the census calls it); what cannot be read or costs
  /// too much is left out. Every `verify` does it too. Computes the hash if it is the dearest yet.
  void note(std::string_view hash) const;

 private:
  /// A verdict, and the cost of what was computed for it.
  struct Judged {
    Verdict verdict;
    std::chrono::nanoseconds cost{0};
  };
  /// Why the row must not compute; `match` if it may.
  [[nodiscard]] Verdict judge_row(const Scheme& scheme,
                                  const std::optional<StoredHash>& stored) const;
  void try_row(const Scheme& scheme, const Secret& password, std::string_view hash,
               Judged& judged) const;
  [[nodiscard]] Judged judge(const Secret& password, std::string_view hash) const;

  const Limits limits_;
  const Policy policy_;
  mutable Equaliser equaliser_;
};

}  // namespace gatehouse::password
