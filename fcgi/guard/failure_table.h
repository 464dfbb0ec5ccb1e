/// All counts of failures, in a table of fixed size.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/zeroed_array.h"

namespace gatehouse::guard {

/// Names a count: a keyed digest (count_keys.h), so that nobody outside can aim at an entry.
using FailureKey = std::array<char, 16>;

struct Failures {
  std::uint32_t count = 0;
  TimePoint last{};  ///< the latest of them

  friend bool operator==(const Failures&, const Failures&) = default;
};

/// Maps keys to failures. An entry is a count, which stays until it is set to 0, or a leaky bucket,
/// which is the time at which it is empty (limit.h).
///
/// The table never grows: a new entry takes the place of that one of its eight neighbours which is
/// worth least, namely the fewest failures (more than 128 count as 128, and fewer with each month
/// of age; half a minute in a bucket is one), then the oldest. So a flood of names with one failure
/// each displaces its own entries, and not one that has ten.
///
/// It also keeps what MySQL is to be told (session/failures/): the changes that are not written
/// yet, and the displaced entries. For one thread at a time.
class FailureTable {
 public:
  /// Rounds `capacity` up to a power of two, at least eight.
  explicit FailureTable(std::size_t capacity);

  /// No failures where there is no entry.
  [[nodiscard]] Failures of(const FailureKey& key) const noexcept;
  /// Puts `failures` in the place of what the count had. The difference is to be written.
  void set(const FailureKey& key, const Failures& failures, TimePoint now);

  /// When the bucket is empty: the time of the boot where there is none.
  [[nodiscard]] TimePoint empty_at(const FailureKey& key) const noexcept;
  /// Pours so much into the bucket, or takes it back if it is negative. That is to be written.
  void pour(const FailureKey& key, std::chrono::seconds time, TimePoint now);
  /// Lets what is over `fullest` spill. It is not written, since each host does the same.
  void spill(const FailureKey& key, TimePoint fullest) noexcept;

  /// A change that is not written yet.
  struct Change {
    FailureKey key;
    bool bucket;
    std::int32_t by;      ///< failures; milliseconds of a bucket
    std::uint32_t count;  ///< with the change; 0 of a bucket
    TimePoint last;       ///< the latest failure; when the bucket is empty
  };
  /// Hands over at least one and about `most` changes, which count as written from then on; none if
  /// there are none.
  [[nodiscard]] std::vector<Change> take_changes(std::size_t most, TimePoint now);
  /// Takes changes back that could not be written. That of an entry which has been displaced since
  /// is lost.
  void put_back(std::span<const Change> changes);
  /// Hands over the keys of entries that were written once, have been displaced since and are not
  /// back. At most 65,536 are kept.
  [[nodiscard]] std::vector<FailureKey> take_displaced();
  /// Takes keys back whose rows could not be removed.
  void put_back_displaced(std::span<const FailureKey> keys);
  /// Takes over what all hosts together have written. What is not written yet comes on top. No
  /// failures, the last of them in the future, are a bucket.
  void learn(const FailureKey& key, const Failures& written, TimePoint now);

 private:
  struct Entry {
    FailureKey key{};
    TimePoint last{};  ///< the latest failure; when the bucket is empty
    std::uint32_t count = 0;
    std::int32_t unwritten = 0;  ///< as Change::by
    bool bucket = false;
    bool stored = false;  ///< MySQL may have a row of this key

    [[nodiscard]] bool unused() const noexcept { return count == 0 && unwritten == 0 && !bucket; }
    /// 0 if nothing is lost with it.
    [[nodiscard]] std::uint32_t worth(TimePoint now) const noexcept;
  };
  static constexpr std::size_t kNeighbours = 8;

  [[nodiscard]] std::size_t group_of(const FailureKey& key) const noexcept;
  /// Its place in tags_.
  static std::uint8_t tag_of(const FailureKey& key) noexcept {
    return static_cast<std::uint8_t>(key.back());
  }
  /// The entry with that key, in use or not, const as the table is; null if there is none.
  template <class Table>
  [[nodiscard]] static auto find_key(Table& table, const FailureKey& key) noexcept;
  template <class Table>
  [[nodiscard]] static auto find_in(Table& table, const FailureKey& key) noexcept;
  Entry& find_or_make(const FailureKey& key, TimePoint now);
  void note_change(Entry& entry, std::int64_t by);

  ZeroedArray<Entry> entries_;  ///< a table at rest takes no memory
  /// A byte of each entry's key. Most keys that are asked for are in no entry, and a byte a
  /// neighbour tells so from one line of the processor's cache, where entries take five.
  ZeroedArray<std::uint8_t> tags_;
  std::vector<bool> changed_;  ///< for each eight neighbours, whether they are in changed_groups_
  std::vector<std::size_t> changed_groups_;
  std::vector<FailureKey> displaced_;
};

}  // namespace gatehouse::guard
