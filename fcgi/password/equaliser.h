/// Makes every failed check take the time of the dearest hash in the table.
///
/// An unknown user, a refused or an unreadable hash computes the dearest function itself, over a
/// salt of its own. A wrong password for a cheaper hash adds to what it took until the CPU time of
/// this thread reaches what the dearest takes here (median of the last runs). Which is the dearest
/// is measured too: the rates of functions differ between hosts, so a table of rates would not do.
/// Some functions take longer for a longer password (`$5$`, `$6$`, phpass), so each is measured at
/// two lengths, and what it takes at another lies on the line through them; which one is the
/// dearest depends on the length that was typed, which whoever typed it knows. Random delays
/// average out and are no answer.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "password/kdf.h"

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
  explicit Equaliser(const Processor& processor = this_processor());

  /// Computes these hashes, which are within the limits, once each: the one that takes longest here
  /// is the dearest from now on, whatever was before. Nothing happens if there are none.
  void replace(std::span<const StoredHash> hashes);
  /// Computes the hash if by its parameters it may be dearer than the dearest, which it is from now
  /// on if it takes longer.
  void offer(const StoredHash& hash);

  /// A failed check of a password of `length` bytes ends within this by the wall clock, if the
  /// processor is free: a quarter more than the dearest takes, rounded up to 5 ms.
  [[nodiscard]] std::chrono::milliseconds tick(std::size_t length) const;

  /// A check that begins now, on this thread.
  class Check {
   public:
    explicit Check(Equaliser& equaliser);
    /// Stands still from now on: whether it passed or failed is known later.
    void pause() noexcept;
    /// It succeeded after computing this hash.
    void passed(const Secret& password, const StoredHash& computed);
    /// It failed after computing this hash, or none. Returns when the time of the dearest is
    /// reached.
    void failed(const Secret& password, const std::optional<StoredHash>& computed);

   private:
    [[nodiscard]] std::chrono::nanoseconds taken() const noexcept;

    void go_on() noexcept;

    Equaliser& equaliser_;
    std::chrono::nanoseconds start_;
    std::optional<std::chrono::nanoseconds> paused_{};
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
    RecentMedian taken;         // as for a password of the short length
    double longest_factor = 1;  // how many times that for the longest
    [[nodiscard]] double factor(std::size_t length) const noexcept;
    [[nodiscard]] std::chrono::nanoseconds typical(std::size_t length) const noexcept;
  };
  using Candidates = std::vector<Candidate>;  // at most one for each measured length, and one seen

  [[nodiscard]] static Work work_of(const StoredHash& hash);
  /// The dearest at that length; null if there is none.
  [[nodiscard]] static Candidate* dearest(Candidates& candidates, std::size_t length) noexcept;
  /// Only those that are the dearest at one of the measured lengths.
  [[nodiscard]] static Candidates pruned(Candidates candidates);
  [[nodiscard]] std::optional<Candidate> dearest(std::size_t length) const;
  [[nodiscard]] Candidate measure(const Work& work) const;
  [[nodiscard]] std::chrono::nanoseconds compute(const Work& work, std::string_view password) const;
  /// A run of this hash took so long: it adds to what is known of it, or it is the dearest now.
  void learn(const Work& work, std::size_t length, std::chrono::nanoseconds taken);

  const Processor& processor_;
  mutable Guarded<Candidates> candidates_;
};

}  // namespace gatehouse::password
