/// Makes every failed check take the time of the dearest hash in the table.
///
/// An unknown user, a refused or an unreadable hash computes the dearest function itself, over a
/// salt of its own. A wrong password for a cheaper hash adds to what it took until the CPU time of
/// this thread reaches what the dearest takes here (median of the last runs): rates differ between
/// hosts, so a table of rates would not do. Random delays average out and are no answer.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string_view>

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

  /// Learns of a hash in the table, within the limits. True if it is the dearest yet: `calibrate`
  /// or a check of it should follow, to learn what it takes here.
  bool note(const StoredHash& stored);
  /// Computes the dearest hash once.
  void calibrate();

  /// A check that begins now, on this thread.
  class Check {
   public:
    explicit Check(Equaliser& equaliser);
    /// It succeeded after computing hashes of `own` cost in all.
    void passed(std::chrono::nanoseconds own);
    /// It failed after computing hashes of `own` cost in all (zero: none). Returns when the dearest
    /// cost is reached.
    void failed(const Secret& password, std::chrono::nanoseconds own);

   private:
    [[nodiscard]] std::chrono::nanoseconds taken() const noexcept;

    Equaliser& equaliser_;
    const std::chrono::nanoseconds start_;
  };

 private:
  /// What is kept of the dearest hash: its parameters and the lengths of its parts.
  struct Dearest {
    KdfPointer kdf;
    std::size_t salt_length = 0;
    std::size_t digest_length = 0;
    RecentMedian taken;
  };
  struct Work {
    KdfPointer kdf;
    std::size_t salt_length;
    std::size_t digest_length;
    std::chrono::nanoseconds typical;
  };
  [[nodiscard]] Work dearest() const;
  void compute(const Work& work, std::string_view password) const;
  void learn(const KdfPointer& kdf, std::chrono::nanoseconds taken);

  const Processor& processor_;
  Guarded<Dearest> dearest_;
};

}  // namespace gatehouse::password
