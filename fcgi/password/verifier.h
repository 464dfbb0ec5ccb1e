/// Checking a typed password against a stored hash.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/secret.h"
#include "config/settings.h"
#include "password/census.h"
#include "password/equaliser.h"
#include "password/kdf/cost.h"
#include "password/policy.h"
#include "password/scheme.h"

namespace gatehouse::password {

enum class Verdict {
  match,
  mismatch,
  unknown_scheme,  ///< no row of the table reads this
  malformed,       ///< the scheme's prefix, but not its form; or longer than 1024 bytes
  too_costly,      ///< over Password::max_cost at the password's length; nothing was computed
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

  /// One try to log in with a password, on one thread: whatever was or was not computed for it, and
  /// whyever it fails, `fail` makes it do the same work.
  class Attempt {
   public:
    /// Both must outlive it.
    Attempt(const Verifier& verifier, const Secret& password)
        : verifier_(verifier), password_(password), check_(verifier.equaliser_, password) {}
    /// Computes the hash of the password in the scheme of `hash` and compares in constant time.
    [[nodiscard]] Verdict verify(std::string_view hash);
    /// Nobody is logged in: adds what is missing of the work of the dearest hash that was noted, or
    /// of as many.
    void fail(std::size_t hashes = 1) { check_.fail(hashes); }

   private:
    const Verifier& verifier_;
    const Secret& password_;
    Equaliser::Check check_;
  };

  /// An attempt at one hash. A verdict other than `match` costs as much as the dearest hash that
  /// was noted.
  [[nodiscard]] Verdict verify(const Secret& password, std::string_view hash) const;

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
  [[nodiscard]] Verdict judge_row(const Scheme& scheme, const std::optional<StoredHash>& stored,
                                  std::size_t password_bytes) const;
  void try_row(const Scheme& scheme, const Secret& password, std::string_view hash,
               Judged& judged) const;
  [[nodiscard]] Judged judge(const Secret& password, std::string_view hash) const;

  const Limits limits_;
  Policy policy_;
  mutable Equaliser equaliser_;
};

}  // namespace gatehouse::password
