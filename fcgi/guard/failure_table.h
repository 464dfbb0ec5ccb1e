/// All counts of failures, in a table of fixed size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"

namespace gatehouse::guard {

/// Names a count: a keyed digest (count_keys.h), so that nobody outside can aim at an entry.
using FailureKey = std::array<char, 16>;

struct Failures {
  std::uint32_t count = 0;
  TimePoint last{};  ///< the latest of them

  friend bool operator==(const Failures&, const Failures&) = default;
};

/// Maps keys to failures. It never grows: a new entry takes the place of that one of its eight
/// neighbours which is worth least, namely the fewest failures (more than 128 count as 128, and
/// fewer with each month of age), then the oldest. So a flood of names with one failure each
/// displaces its own entries, and not one that has ten. It also keeps what MySQL is to be told
/// (session/failures/): the changes that are not written yet, and the displaced entries. For one
/// thread at a time.
class FailureTable {
 public:
  /// Rounds `capacity` up to a power of two, at least eight.
  explicit FailureTable(std::size_t capacity);

  /// No failures where there is no entry.
  [[nodiscard]] Failures of(const FailureKey& key) const noexcept;
  /// Puts `failures` in the place of what the key had. The difference is to be written.
  void set(const FailureKey& key, const Failures& failures, TimePoint now);

  /// A change of a count that is not written yet.
  struct Change {
    FailureKey key;
    std::int32_t by;
    TimePoint last;
  };
  /// Hands over at least one and about `most` changes, which count as written from then on; none if
  /// there are none.
  [[nodiscard]] std::vector<Change> take_changes(std::size_t most);
  /// Takes changes back that could not be written. That of an entry which has been displaced since
  /// is lost.
  void put_back(std::span<const Change> changes);
  /// Hands over the keys of entries that were written once and have been displaced since. At most
  /// 65,536 are kept.
  [[nodiscard]] std::vector<FailureKey> take_displaced();
  /// Takes over what all hosts together have written. What is not written yet comes on top.
  void learn(const FailureKey& key, const Failures& written, TimePoint now);

 private:
  struct Entry {
    FailureKey key{};
    TimePoint last{};
    std::uint32_t count = 0;
    std::int32_t unwritten = 0;
    bool stored = false;  ///< MySQL may have a row of this key

    [[nodiscard]] bool empty() const noexcept { return count == 0 && unwritten == 0; }
    [[nodiscard]] std::uint32_t worth(TimePoint now) const noexcept;
  };
  static constexpr std::size_t kNeighbours = 8;

  [[nodiscard]] std::size_t bucket_of(const FailureKey& key) const noexcept;
  [[nodiscard]] Entry* find(const FailureKey& key) noexcept;
  Entry& find_or_make(const FailureKey& key, TimePoint now);
  void note_change(Entry& entry, std::size_t bucket, std::int64_t by);

  std::vector<Entry> entries_;
  std::vector<bool> changed_;  ///< for each bucket, whether it is in changed_buckets_
  std::vector<std::size_t> changed_buckets_;
  std::vector<FailureKey> displaced_;
};

}  // namespace gatehouse::guard
