/// Makes every failed check do the work of the dearest hash in the table.
///
/// An unknown user, a refused or an unreadable hash computes the dearest function itself, over a
/// salt of its own. A wrong password for a cheaper hash, and the right one of a user who may not
/// log in, computes as large a part of it as is missing (Kdf::part), and then keeps the processor
/// busy until the CPU time of this thread reaches what the dearest takes here (median of the last
/// runs). The part is of the same kind, in memory too: on a busy memory bus an argon2 slows down
/// and a loop in the processor does not, so a loop alone would be done in time where an unknown
/// user is not. Which is the dearest is measured too: the rates of functions differ between hosts,
/// so a table of rates would not do. Some functions take longer for a longer password (`$5$`,
/// `$6$`, phpass): they are measured at two lengths, and in between go by what they state
/// (Kdf::cost). Which one is the dearest depends on the length that was typed, which whoever typed
/// it knows; what is over the limits at that length is refused for a user, and so is not computed
/// for an unknown one either. Random delays average out and are no answer.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// The CPU that a check is measured on and kept busy with. Tests count with their own.
class Processor {
 public:
  virtual ~Processor() = default;
  /// CPU time that the calling thread has used.
  [[nodiscard]] virtual std::chrono::nanoseconds used() const noexcept = 0;
  /// Works for a moment (some 30 µs).
  virtual void burn() const = 0;
};
[[nodiscard]] const Processor& this_processor() noexcept;

/// The median of the last runs; those before the first are zero and not counted.
class RecentMedian {
 public:
  void add(std::chrono::nanoseconds run) noexcept;
  /// Zero if there was none.
  [[nodiscard]] std::chrono::nanoseconds value() const noexcept;

 private:
  static constexpr std::size_t kRuns = 15;
  std::array<std::chrono::nanoseconds, kRuns> runs_{};
  std::size_t count_ = 0;
};

/// Thread-safe.
class Equaliser {
 public:
  /// `processor` must outlive it.
  explicit Equaliser(const Limits& limits, const Processor& processor = this_processor());

  /// Computes these hashes, as far as the limits let it, once each: those that take longest here
  /// are the dearest from now on, whatever was before. Nothing happens if there are none.
  void replace(std::span<const StoredHash> hashes);
  /// Computes the hash if by its parameters it may be dearer than the dearest, which it is from now
  /// on if it takes longer.
  void offer(const StoredHash& hash);

  /// A failed check of a password of `length` bytes ends within this by the wall clock, if the
  /// processor is free: a quarter more than the dearest takes, rounded up to 5 ms.
  [[nodiscard]] std::chrono::milliseconds tick(std::size_t length) const;

  /// A check that begins now, of one password, on this thread.
  class Check {
   public:
    Check(Equaliser& equaliser, const Secret& password);
    /// This hash was computed since the beginning, or since the last call.
    void ran(const StoredHash& computed);
    /// It failed. Returns when the work of so many of the dearest hash is done.
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
    std::chrono::nanoseconds counted_{0};  // until the last run
    std::vector<Run> runs_;
  };

 private:
  /// What is kept of a hash: its parameters and the lengths of its parts.
  struct Work {
    KdfPointer kdf;
    std::size_t salt_length = 0;
    std::size_t digest_length = 0;
  };
  /// A hash that is the dearest at some lengths of passwords.
  struct Candidate {
    Work work;
    std::size_t longest = 0;  // the longest password for which it is within the limits
    RecentMedian taken;       // as for a password of usual length
    double stretch = 1;       // what more a longer password takes here, to what the function states
    [[nodiscard]] double factor(std::size_t length) const noexcept;
    [[nodiscard]] std::chrono::nanoseconds typical(std::size_t length) const noexcept;
  };
  using Candidates = std::vector<Candidate>;

  [[nodiscard]] static Work work_of(const StoredHash& hash);
  /// The dearest of those within the limits at that length; null if there is none.
  [[nodiscard]] static Candidate* dearest(Candidates& candidates, std::size_t length) noexcept;
  /// Only those that are the dearest at a measured length, or at the longest of one of them.
  [[nodiscard]] static Candidates pruned(Candidates candidates);
  [[nodiscard]] std::optional<Candidate> dearest(std::size_t length) const;
  /// Nothing if it is over the limits whatever the length.
  [[nodiscard]] std::optional<Candidate> measure(const Work& work) const;
  [[nodiscard]] std::chrono::nanoseconds compute(const Work& work, std::string_view password) const;
  /// Computes the missing share (0 to 1) of this work in kind.
  void compute_part(const Work& work, std::string_view password, double missing) const;
  /// A run of this hash took so long: it adds to what is known of it, or it is the dearest now.
  void learn(const Work& work, std::size_t length, std::chrono::nanoseconds taken);

  const Limits limits_;
  const Processor& processor_;
  mutable Guarded<Candidates> candidates_;
};

}  // namespace gatehouse::password
