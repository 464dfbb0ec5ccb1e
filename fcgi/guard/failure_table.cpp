#include "guard/failure_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace gatehouse::guard {
namespace {

constexpr std::size_t kMostDisplaced = 65'536;
constexpr std::int64_t kMostUnwritten = (1 << 30) - 1;

}  // namespace

std::uint32_t FailureTable::Entry::worth(TimePoint now) const noexcept {
  constexpr std::uint32_t kMost = 128;
  constexpr std::int64_t kDaysOfAMonth = 30;
  constexpr std::int64_t kScale = 1000;
  if (empty()) return 0;
  const auto days = std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::hours>(now - last).count() / 24);
  // One that is not empty is worth at least 1.
  return 1 + static_cast<std::uint32_t>(std::min(count, kMost) * kScale * kDaysOfAMonth /
                                        (kDaysOfAMonth + days));
}

FailureTable::FailureTable(std::size_t capacity)
    : entries_(std::bit_ceil(std::max(capacity, kNeighbours))),
      changed_(entries_.size() / kNeighbours) {}

std::size_t FailureTable::bucket_of(const FailureKey& key) const noexcept {
  std::uint64_t number = 0;
  std::memcpy(&number, key.data(), sizeof number);
  return number & (changed_.size() - 1);
}

FailureTable::Entry* FailureTable::find(const FailureKey& key) noexcept {
  const auto neighbours = std::span(entries_).subspan(bucket_of(key) * kNeighbours, kNeighbours);
  const auto found = std::find_if(neighbours.begin(), neighbours.end(), [&](const Entry& entry) {
    return entry.key == key && !entry.empty();
  });
  return found == neighbours.end() ? nullptr : &*found;
}

Failures FailureTable::of(const FailureKey& key) const noexcept {
  const Entry* const entry = const_cast<FailureTable*>(this)->find(key);
  return entry == nullptr ? Failures{} : Failures{entry->count, entry->last};
}

FailureTable::Entry& FailureTable::find_or_make(const FailureKey& key, TimePoint now) {
  if (Entry* const entry = find(key)) return *entry;
  const auto neighbours = std::span(entries_).subspan(bucket_of(key) * kNeighbours, kNeighbours);
  Entry& least = *std::min_element(
      neighbours.begin(), neighbours.end(), [&](const Entry& left, const Entry& right) {
        return std::pair(left.worth(now), left.last) < std::pair(right.worth(now), right.last);
      });
  if (least.stored && !least.empty() && displaced_.size() < kMostDisplaced) {
    displaced_.push_back(least.key);
  }
  least = Entry{};
  least.key = key;
  return least;
}

void FailureTable::note_change(Entry& entry, std::size_t bucket, std::int64_t by) {
  if (by == 0) return;
  entry.unwritten = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(entry.unwritten + by, -kMostUnwritten, kMostUnwritten));
  if (changed_[bucket]) return;
  changed_[bucket] = true;
  changed_buckets_.push_back(bucket);
}

void FailureTable::set(const FailureKey& key, const Failures& failures, TimePoint now) {
  if (failures.count == 0 && find(key) == nullptr) return;
  Entry& entry = find_or_make(key, now);
  const auto by = std::int64_t{failures.count} - std::int64_t{entry.count};
  entry.count = failures.count;
  entry.last = failures.last;
  note_change(entry, bucket_of(key), by);
}

std::vector<FailureTable::Change> FailureTable::take_changes(std::size_t most) {
  std::vector<Change> changes;
  while (!changed_buckets_.empty() && changes.size() < most) {
    const std::size_t bucket = changed_buckets_.back();
    changed_buckets_.pop_back();
    changed_[bucket] = false;
    for (Entry& entry : std::span(entries_).subspan(bucket * kNeighbours, kNeighbours)) {
      if (entry.unwritten == 0) continue;
      changes.push_back({entry.key, entry.unwritten, entry.last});
      entry.unwritten = 0;
      entry.stored = true;
    }
  }
  return changes;
}

void FailureTable::put_back(std::span<const Change> changes) {
  for (const Change& change : changes) {
    Entry* entry = find(change.key);
    // A count that went down to 0 is an entry that looks empty: it may still be in its place.
    if (entry == nullptr && change.by < 0) {
      const auto neighbours =
          std::span(entries_).subspan(bucket_of(change.key) * kNeighbours, kNeighbours);
      const auto found = std::find_if(neighbours.begin(), neighbours.end(),
                                      [&](const Entry& one) { return one.key == change.key; });
      if (found != neighbours.end()) entry = &*found;
    }
    if (entry != nullptr) note_change(*entry, bucket_of(change.key), change.by);
  }
}

std::vector<FailureKey> FailureTable::take_displaced() {
  return std::exchange(displaced_, {});
}

void FailureTable::learn(const FailureKey& key, const Failures& written, TimePoint now) {
  if (written.count == 0 && find(key) == nullptr) return;
  Entry& entry = find_or_make(key, now);
  const auto count = std::int64_t{written.count} + entry.unwritten;
  entry.count = static_cast<std::uint32_t>(std::max<std::int64_t>(0, count));
  entry.last = std::max(entry.last, written.last);
  entry.stored = true;
}

}  // namespace gatehouse::guard
