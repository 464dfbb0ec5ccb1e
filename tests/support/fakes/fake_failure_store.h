/// Counts of failures in this process, added up as MySQL does it.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "session/failures/failure_store.h"

namespace gatehouse::test {

/// Several hosts may share one. For one thread at a time.
class FakeFailureStore final : public session::FailureStore {
 public:
  explicit FakeFailureStore(const Clock& clock) : clock_(clock) {}

  Result<void> add(std::span<const session::FailureChange> changes) override {
    const TimePoint now = clock_.now();
    for (const session::FailureChange& change : changes) {
      const auto [place, is_new] = rows_.try_emplace(change.key);
      Row& row = place->second;
      changes_.emplace_back(now, change.key);
      const TimePoint failed_at = now - change.ago;
      if (is_new) {
        row.count = change.count;
        row.failed_at = failed_at;
      } else if (change.bucket) {
        row.failed_at = std::max(row.failed_at, now) + std::chrono::milliseconds(change.by);
      } else {
        row.count = std::max<std::int64_t>(0, row.count + change.by);
        row.failed_at = change.by < 0 ? failed_at : std::max(row.failed_at, failed_at);
      }
    }
    return {};
  }
  Result<std::vector<session::StoredFailures>> changed(std::chrono::microseconds within) override {
    while (!changes_.empty() && changes_.front().first < clock_.now() - kKept) changes_.pop_front();
    std::set<guard::FailureKey> keys;
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
      if (change->first <= clock_.now() - within) break;
      keys.insert(change->second);
    }
    std::vector<session::StoredFailures> all;
    for (const guard::FailureKey& key : keys) {
      if (const auto row = rows_.find(key); row != rows_.end()) {
        all.push_back(stored(key, row->second));
      }
    }
    return all;
  }
  Result<std::vector<session::StoredFailures>> page(
      const std::optional<guard::FailureKey>& after) override {
    std::vector<session::StoredFailures> all;
    if (after) return all;
    for (const auto& [key, row] : rows_) all.push_back(stored(key, row));
    return all;
  }
  Result<void> remove(std::span<const guard::FailureKey> keys) override {
    for (const guard::FailureKey& key : keys) rows_.erase(key);
    return {};
  }
  Result<void> purge() override { return {}; }

 private:
  struct Row {
    std::int64_t count = 0;
    TimePoint failed_at{};
  };
  [[nodiscard]] session::StoredFailures stored(const guard::FailureKey& key, const Row& row) const {
    return {key, static_cast<std::uint32_t>(row.count),
            std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - row.failed_at)};
  }

  const Clock& clock_;
  std::map<guard::FailureKey, Row> rows_;
  static constexpr std::chrono::minutes kKept{1};  ///< a poll looks back for less
  std::deque<std::pair<TimePoint, guard::FailureKey>> changes_;
};

}  // namespace gatehouse::test
