/// Checks a typed password against a stored hash.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string_view>

#include <tl/expected.hpp>

#include "base/secret.h"
#include "config/settings.h"
#include "password/census.h"
#include "password/equaliser.h"
#include "password/kdf/engine.h"
#include "password/policy.h"
#include "password/readings.h"
#include "password/transform.h"

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
  explicit Verifier(const config::Password& limits, Policy policy = {}, Transform transform = {},
                    const Processor& processor = this_processor());

  /// One try to log in with a password, on one thread. `fail` makes every failed try do the same
  /// work, whatever was computed for it and for whatever reason it fails.
  class Attempt {
   public:
    /// Both must outlive it. `text` is the password after Transform::text().
    Attempt(const Verifier& verifier, const Secret& text);
    /// Computes the hash of the password in the scheme of the row and compares in constant time. If
    /// the transform makes several passwords of one (several keys), each is tried.
    [[nodiscard]] Checked verify(const Row& row);
    /// Call if nobody is logged in: adds the work that is missing to that of the dearest hash, or
    /// to that of the dearest for each of `rows`.
    void fail(std::size_t rows = 1) { check_.fail(rows * verifier_.transform_.variants()); }
    /// A failed login by a name of one row that is alone is to be answered at a multiple of this
    /// after its beginning, so that the remaining differences between failures do not show. Beside
    /// others, all of crowding() (kdf/turn.h) makes it longer.
    [[nodiscard]] std::chrono::milliseconds tick() const;
    /// crowding() at the beginning.
    [[nodiscard]] unsigned crowding_at_begin() const noexcept { return crowding_; }

   private:
    [[nodiscard]] Checked verify_one(const Secret& password, const Row& row);
    [[nodiscard]] const Secret& nobodys() const noexcept;

    const Turn turn_;  ///< all that it computes counts as one login's
    const UnderWay under_way_;
    const unsigned crowding_ = crowding();
    const Verifier& verifier_;
    const Secret& text_;
    const Secret of_nobody_;  ///< of row_of_nobody(), if the transform needs a row
    Equaliser::Check check_;
  };

  /// An attempt at one hash. Everything but a match costs as much as the dearest hash.
  [[nodiscard]] Checked verify(const Secret& text, const Row& row) const;

  /// Takes as long as a mismatch of `verify`. It is called for a user that does not exist.
  void spend(const Secret& text) const;

  /// Learns that this hash stands in the table now; a hash that a login would not compute is left
  /// out. Computes it if it may be the dearest yet, unless the service ends. Every `verify` learns
  /// too.
  void note(const Row& row) const;
  /// Learns what the whole table holds. Computes the dearest hash of each scheme, unless a `stop`
  /// comes.
  void learn(const Census& table, const std::stop_token& stop = {}) const;
  /// An empty census under the same limits and policy.
  [[nodiscard]] Census census() const { return {policy_.limits, policy_, usual_bytes(transform_)}; }

  /// Attempt::tick() of a try with that text.
  [[nodiscard]] std::chrono::milliseconds tick(const Secret& text) const {
    return Attempt(*this, text).tick();
  }
  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
  /// What the site's application does to a typed password.
  [[nodiscard]] const Transform& transform() const noexcept { return transform_; }

 private:
  const Policy policy_;  // its limits are those of the settings
  const Transform transform_;
  mutable Equaliser equaliser_;
};

}  // namespace gatehouse::password
