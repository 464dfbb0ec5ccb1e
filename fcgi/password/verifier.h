/// Checks a typed password against a stored hash.
#pragma once

#include <cstddef>
#include <string_view>

#include <tl/expected.hpp>

#include "base/secret.h"
#include "config/settings.h"
#include "password/census.h"
#include "password/equaliser.h"
#include "password/policy.h"
#include "password/readings.h"

namespace gatehouse::password {

enum class Verdict { match, mismatch };
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;
/// A verdict, or the objection for which nothing was computed.
using Checked = tl::expected<Verdict, Objection>;

/// Judges passwords by the limits and the policy of the site, and makes every failure take as long
/// as any other (see equaliser.h). One for the whole process. Thread-safe.
class Verifier {
 public:
  /// `processor` must outlive it. Until a hash is noted, Werkzeug's old default (PBKDF2-SHA256 with
  /// 150,000 rounds) counts as the dearest.
  explicit Verifier(const config::Password& limits, Policy policy = {},
                    const Processor& processor = this_processor());

  /// One try to log in with a password, on one thread. `fail` makes every failed try do the same
  /// work, whatever was computed for it and for whatever reason it fails.
  class Attempt {
   public:
    /// Both must outlive it.
    Attempt(const Verifier& verifier, const Secret& password)
        : verifier_(verifier), password_(password), check_(verifier.equaliser_, password) {}
    /// Computes the hash of the password in the scheme of `hash` and compares in constant time.
    [[nodiscard]] Checked verify(std::string_view hash);
    /// Call if nobody is logged in: adds the work that is missing to that of the dearest hash, or
    /// to that of `hashes` of it.
    void fail(std::size_t hashes = 1) { check_.fail(hashes); }

   private:
    const Verifier& verifier_;
    const Secret& password_;
    Equaliser::Check check_;
  };

  /// An attempt at one hash. Everything but a match costs as much as the dearest hash.
  [[nodiscard]] Checked verify(const Secret& password, std::string_view hash) const;

  /// Takes as long as a mismatch of `verify`. It is called for a user that does not exist.
  void spend(const Secret& password) const;

  /// Learns that this hash stands in the table now; a hash that a login would not compute is left
  /// out. Computes it if it may be the dearest yet. Every `verify` learns too.
  void note(std::string_view hash) const;
  /// Learns what the whole table holds. Computes the dearest hash of each scheme.
  void learn(const Census& table) const;
  /// An empty census under the same limits and policy.
  [[nodiscard]] Census census() const { return {policy_.limits, policy_}; }

  /// A failed check of `password` is to be answered at a multiple of this after its beginning, so
  /// that the remaining differences between failures do not show.
  [[nodiscard]] std::chrono::milliseconds tick(const Secret& password) const {
    return equaliser_.tick(password.size());
  }
  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }

 private:
  const Policy policy_;  // its limits are those of the settings
  mutable Equaliser equaliser_;
};

}  // namespace gatehouse::password
