/// Makes every failed check do the work of the dearest hash in the table, so that its time does not
/// tell whether the user exists.
///
/// An unknown user, a refused or an unreadable hash computes the dearest function itself, over a
/// salt of its own. A wrong password for a cheaper hash, and the right one of a user who may not
/// log in, computes as large a part of it as is missing (Kdf::part), and then keeps the processor
/// busy until its time reaches what the dearest takes here (median of the last runs). Time is what
/// a login takes while it is alone: CPU time of its thread, and what the engine (kdf/engine.h) has
/// charged to it. All of this takes the same way through the engine as a hash that is checked. The
/// part is of the same kind, in memory too: on a busy memory bus argon2 slows down and a loop in
/// the processor does not, so with a loop alone a wrong password would be faster than an unknown
/// user.
///
/// The dearest hash is found by measuring, since the rates of functions differ between hosts. Some
/// functions take longer for a longer password (`$5$`, `$6$`, phpass): they are measured at two
/// lengths, and scaled in between by the cost that they state (Kdf::cost). So the dearest depends
/// on the length that was typed, which tells nothing to the person who typed it. A hash over the
/// limits at that length is refused for a user, and so is not computed for an unknown one either.
///
/// Random delays were rejected: they average out over many tries.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "password/kdf/kdf.h"
#include "password/kdf/recent_median.h"

namespace gatehouse::password {

/// The processor that checks are measured on and kept busy with. Tests bring one of their own.
class Processor {
 public:
  virtual ~Processor() = default;
  /// The CPU time that the calling thread has used, and what was charged to it (kdf/engine.h).
  [[nodiscard]] virtual std::chrono::nanoseconds used() const noexcept = 0;
  /// Works for about that time; it may be less, but not nothing.
  virtual void burn(std::chrono::nanoseconds time) const = 0;
};
[[nodiscard]] const Processor& this_processor() noexcept;

/// Knows the dearest hashes of the table and how long they take on this host. Thread-safe.
class Equaliser {
 public:
  /// `processor` must outlive it.
  explicit Equaliser(const Limits& limits, const Processor& processor = this_processor());

  /// Computes each of these hashes once, except those over the limits. The ones that take longest
  /// here are the dearest from now on, in place of those before. Does nothing if there are none.
  ///
  /// A dearer hash that a check ran stays, however often the table is counted: the count may not
  /// see what a login sees (a second column that says how a hash is computed). If the count sees it
  /// once, it goes when the count does so no more.
  ///
  /// A `stop` ends it after the hash that is computed just then, and nothing is replaced: on a busy
  /// machine all of them may take longer than a service may to stop.
  void replace(std::span<const StoredHash> hashes, const std::stop_token& stop = {});
  /// Computes the hash if by its parameters it may be dearer than the dearest. If it takes longer,
  /// it is the dearest from now on.
  void offer(const StoredHash& hash);

  /// A failed check of a password of `length` bytes ends within this by the wall clock, if the
  /// processor is free: a quarter more than the dearest takes, rounded up to 5 ms.
  [[nodiscard]] std::chrono::milliseconds tick(std::size_t length) const;

  /// One check of one password, on one thread. It begins when it is made.
  class Check {
   public:
    Check(Equaliser& equaliser, const Secret& password);
    /// Says that this hash was computed since the beginning, or since the last call.
    void ran(const StoredHash& computed);
    /// Says that the check failed. Returns when the work of `hashes` times the dearest hash is
    /// done.
    void fail(std::size_t hashes = 1);

   private:
    struct Run {
      StoredHash hash;
      std::chrono::nanoseconds taken;
    };
    [[nodiscard]] std::chrono::nanoseconds taken() const noexcept;

    Equaliser& equaliser_;
    const Secret& password_;
    const std::chrono::nanoseconds start_;
    std::chrono::nanoseconds counted_{0};  // from the start to the end of the last run
    std::vector<Run> runs_;
  };

 private:
  /// The part of a hash that is kept: its parameters and the lengths of salt and digest.
  struct Work {
    KdfPointer kdf;
    std::size_t salt_length = 0;
    std::size_t digest_length = 0;
  };
  /// A hash that is the dearest at some lengths of passwords.
  struct Candidate {
    Work work;
    std::size_t longest = 0;  // the longest password for which it is within the limits
    RecentMedian taken;       // scaled to a password of usual length
    double stretch = 1;       // how much more a longer password takes here than the function states
    bool by_check = false;    // a check ran it, and no count has seen it
    [[nodiscard]] double factor(std::size_t length) const noexcept;
    [[nodiscard]] std::chrono::nanoseconds typical(std::size_t length) const noexcept;
  };
  using Candidates = std::vector<Candidate>;

  [[nodiscard]] static Work work_of(const StoredHash& hash);
  /// The dearest candidate within the limits at that length; null if there is none.
  [[nodiscard]] static Candidate* dearest(Candidates& candidates, std::size_t length) noexcept;
  /// Keeps the candidates that are the dearest at some length.
  [[nodiscard]] static Candidates pruned(Candidates candidates);
  [[nodiscard]] std::optional<Candidate> dearest(std::size_t length) const;
  /// Computes it at two lengths. Nothing if it is over the limits at every length, or is to stop.
  [[nodiscard]] std::optional<Candidate> measure(const Work& work,
                                                 const std::stop_token& stop) const;
  [[nodiscard]] std::chrono::nanoseconds compute(const Work& work, std::string_view password) const;
  /// Computes the missing share (0 to 1) of this work, by functions of the same kind.
  void compute_part(const Work& work, std::string_view password, double missing) const;
  /// Notes how long a run of this work took. If it is not known yet and took longer than the
  /// dearest, it is the dearest now.
  void learn(const Work& work, std::size_t length, std::chrono::nanoseconds taken);

  const Limits limits_;
  const Processor& processor_;
  mutable Guarded<Candidates> candidates_;
};

}  // namespace gatehouse::password
