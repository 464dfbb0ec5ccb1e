/// Where the counts of failed logins lie under those in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "guard/failure_table.h"

namespace gatehouse::session {

struct StoredFailures {
  guard::FailureKey key;
  std::uint32_t count;
  /// The age of the latest failure, by the store's clock. With a count of 0 it may be negative: the
  /// time until a bucket is empty (guard::FailureTable).
  std::chrono::microseconds ago;
};

/// A change that a host has made.
struct FailureChange {
  guard::FailureKey key;
  std::int32_t by;                ///< failures; milliseconds of a bucket
  std::chrono::microseconds ago;  ///< as in StoredFailures
  std::uint32_t count = 0;        ///< what the host counts with it, for a store that has no row
  bool bucket = false;
};

/// Adds up the changes of all hosts. Errors as SessionStore. Thread-safe. Every call may take as
/// long as the database.
class FailureStore {
 public:
  virtual ~FailureStore() = default;
  /// Adds the changes, which are in the order of their keys, so that two hosts lock rows in one
  /// order. No count goes below 0. A change that takes back sets the time of the latest failure,
  /// any other moves it forward alone. Where the connection closes during a write it may be done
  /// twice: the counts are then too high, and nobody gets more guesses.
  virtual Result<void> add(std::span<const FailureChange> changes) = 0;
  /// The counts that have changed within that time.
  virtual Result<std::vector<StoredFailures>> changed(std::chrono::microseconds within) = 0;
  /// The counts behind `after`, in the order of their keys, at most 10,000; from the first one if
  /// there is none. None: that was all.
  virtual Result<std::vector<StoredFailures>> page(
      const std::optional<guard::FailureKey>& after) = 0;
  virtual Result<void> remove(std::span<const guard::FailureKey> keys) = 0;
  /// Removes counts that have been 0, and buckets that have been empty, for a day.
  virtual Result<void> purge() = 0;
};

}  // namespace gatehouse::session
