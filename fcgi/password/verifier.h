/// Checking a typed password against a stored hash.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "config/settings.h"
#include "password/census.h"
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
  too_costly,      ///< over Password::max_cost; nothing was computed
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

  /// The same for the hashes of several rows, of which exactly one may match: gives their verdicts.
  /// Where not exactly one matches, it costs as much as `rows` checks of the dearest hash, which
  /// are at least as many as `hashes`.
  [[nodiscard]] std::vector<Verdict> verify(const Secret& password,
                                            std::span<const std::string_view> hashes,
                                            std::size_t rows) const;

  /// For a user that does not exist: takes as long as a mismatch of `verify`.
  void spend(const Secret& password) const;

  /// Learns of a hash that stands in the table now; what cannot be read or costs too much is left
  /// out. Every `verify` learns too. Computes the hash if it may be the dearest yet.
  void note(std::string_view hash) const;
  /// Learns what the whole table holds. Computes the dearest hash of each scheme.
  void learn(const Census& table) const;
  /// An empty count by the same limits and policy.
  [[nodiscard]] Census census() const { return {limits_, policy_}; }

  /// Every failed check of `password` is to be answered at a multiple of this from its beginning
  /// on, so that what is left of a difference does not show.
  [[nodiscard]] std::chrono::milliseconds tick(const Secret& password) const {
    return equaliser_.tick(password.size());
  }
  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }

 private:
  /// A verdict, and what was computed for it.
  struct Judged {
    Verdict verdict;
    std::optional<StoredHash> computed{};
  };
  /// Why the row must not compute; `match` if it may.
  [[nodiscard]] Verdict judge_row(const Scheme& scheme,
                                  const std::optional<StoredHash>& stored) const;
  void try_row(const Scheme& scheme, const Secret& password, std::string_view hash,
               Judged& judged) const;
  [[nodiscard]] Judged judge(const Secret& password, std::string_view hash) const;

  const Limits limits_;
  Policy policy_;
  mutable Equaliser equaliser_;
};

}  // namespace gatehouse::password
