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
  std::chrono::microseconds ago;  ///< the latest failure, by the store's clock
};

/// A change that a host has made; `ago` is the age of the latest failure.
struct FailureChange {
  guard::FailureKey key;
  std::int32_t by;
  std::chrono::microseconds ago;
};

/// Adds up the changes of all hosts. Errors as SessionStore. Thread-safe. Every call may take as
/// long as the database.
class FailureStore {
 public:
  virtual ~FailureStore() = default;
  /// Adds the changes, which are in the order of their keys, so that two hosts lock rows in one
  /// order. No count goes below 0. Where the connection closes during a write it may be done twice:
  /// the counts are then too high, and nobody gets more guesses.
  virtual Result<void> add(std::span<const FailureChange> changes) = 0;
  /// The counts that have changed within that time.
  virtual Result<std::vector<StoredFailures>> changed(std::chrono::microseconds within) = 0;
  /// The counts behind `after`, in the order of their keys, at most 10,000; from the first one if
  /// there is none. None: that was all.
  virtual Result<std::vector<StoredFailures>> page(
      const std::optional<guard::FailureKey>& after) = 0;
  virtual Result<void> remove(std::span<const guard::FailureKey> keys) = 0;
  /// Removes counts that have been 0 for a day.
  virtual Result<void> purge() = 0;
};

}  // namespace gatehouse::session
