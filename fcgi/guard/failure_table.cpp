#include "guard/failure_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace gatehouse::guard {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostDisplaced = 65'536;
constexpr std::int64_t kMostUnwritten = (1 << 30) - 1;

std::int64_t whole_milliseconds(BootTime::duration time) {
  return std::chrono::ceil<milliseconds>(time).count();
}

}  // namespace

std::uint32_t FailureTable::Entry::worth(TimePoint now) const noexcept {
  constexpr std::int64_t kMost = 128;
  constexpr std::int64_t kDaysOfAMonth = 30;
  constexpr std::int64_t kScale = 1000;
  constexpr std::chrono::seconds kFailureOfBucket{30};
  if (unused() || (bucket && last <= now)) return 0;
  const std::int64_t failures = bucket ? (last - now) / kFailureOfBucket : std::int64_t{count};
  const auto days = std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::hours>(now - last).count() / 24);
  // One that is in use is worth at least 1.
  return 1 + static_cast<std::uint32_t>(std::min(failures, kMost) * kScale * kDaysOfAMonth /
                                        (kDaysOfAMonth + days));
}

FailureTable::FailureTable(std::size_t capacity)
    : entries_(std::bit_ceil(std::max(capacity, kNeighbours))),
      tags_(entries_.size()),
      changed_(entries_.size() / kNeighbours) {}

std::size_t FailureTable::group_of(const FailureKey& key) const noexcept {
  std::uint64_t number = 0;
  std::memcpy(&number, key.data(), sizeof number);
  return number & (changed_.size() - 1);
}

template <class Table>
auto FailureTable::find_key(Table& table, const FailureKey& key) noexcept {
  const std::size_t first = table.group_of(key) * kNeighbours;
  for (std::size_t i = first; i < first + kNeighbours; ++i) {
    if (table.tags_[i] == tag_of(key) && table.entries_[i].key == key) return &table.entries_[i];
  }
  return decltype(&table.entries_[first]){nullptr};
}

/// The entry in use of that key, const as the table is; null if there is none.
template <class Table>
auto FailureTable::find_in(Table& table, const FailureKey& key) noexcept {
  auto* const entry = find_key(table, key);
  return entry == nullptr || entry->unused() ? nullptr : entry;
}

Failures FailureTable::of(const FailureKey& key) const noexcept {
  const Entry* const entry = find_in(*this, key);
  return entry == nullptr ? Failures{} : Failures{entry->count, entry->last};
}

TimePoint FailureTable::empty_at(const FailureKey& key) const noexcept {
  const Entry* const entry = find_in(*this, key);
  return entry == nullptr ? TimePoint{} : entry->last;
}

FailureTable::Entry& FailureTable::find_or_make(const FailureKey& key, TimePoint now) {
  // One that is unused and was this key's is taken again, so that logins that succeed, each of
  // which is charged and given back, look at one entry.
  if (Entry* const entry = find_key(*this, key)) return *entry;
  const auto neighbours = entries_.all().subspan(group_of(key) * kNeighbours, kNeighbours);
  Entry& least = *std::min_element(
      neighbours.begin(), neighbours.end(), [&](const Entry& left, const Entry& right) {
        return std::pair(left.worth(now), left.last) < std::pair(right.worth(now), right.last);
      });
  if (least.stored && least.worth(now) > 0) put_back_displaced({&least.key, 1});
  least = Entry{};
  least.key = key;
  tags_[static_cast<std::size_t>(&least - entries_.data())] = tag_of(key);
  return least;
}

void FailureTable::note_change(Entry& entry, std::int64_t by) {
  if (by == 0) return;
  entry.unwritten = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(entry.unwritten + by, -kMostUnwritten, kMostUnwritten));
  const std::size_t group = group_of(entry.key);
  if (changed_[group]) return;
  changed_[group] = true;
  changed_groups_.push_back(group);
}

void FailureTable::set(const FailureKey& key, const Failures& failures, TimePoint now) {
  if (failures.count == 0 && find_in(*this, key) == nullptr) return;
  Entry& entry = find_or_make(key, now);
  const auto by = std::int64_t{failures.count} - std::int64_t{entry.count};
  entry.bucket = false;
  entry.count = failures.count;
  entry.last = failures.last;
  note_change(entry, by);
}

void FailureTable::pour(const FailureKey& key, std::chrono::seconds time, TimePoint now) {
  Entry& entry = find_or_make(key, now);
  entry.last = (entry.bucket ? std::max(entry.last, now) : now) + time;
  entry.bucket = true;
  note_change(entry, whole_milliseconds(time));
}

void FailureTable::spill(const FailureKey& key, TimePoint fullest) noexcept {
  if (Entry* const entry = find_in(*this, key)) entry->last = std::min(entry->last, fullest);
}

std::vector<FailureTable::Change> FailureTable::take_changes(std::size_t most, TimePoint now) {
  std::vector<Change> changes;
  while (!changed_groups_.empty() && changes.size() < most) {
    const std::size_t group = changed_groups_.back();
    changed_groups_.pop_back();
    changed_[group] = false;
    for (Entry& entry : entries_.all().subspan(group * kNeighbours, kNeighbours)) {
      // What was poured into a bucket during an outage, and has leaked since, is not told.
      if (entry.bucket) {
        const auto left = std::max<std::int64_t>(0, whole_milliseconds(entry.last - now));
        entry.unwritten = static_cast<std::int32_t>(std::min<std::int64_t>(entry.unwritten, left));
      }
      if (entry.unwritten == 0) continue;
      changes.push_back({entry.key, entry.bucket, entry.unwritten, entry.count, entry.last});
      entry.unwritten = 0;
      entry.stored = true;
    }
  }
  return changes;
}

void FailureTable::put_back(std::span<const Change> changes) {
  for (const Change& change : changes) {
    Entry* entry = find_in(*this, change.key);
    // A count that went down to 0 is an entry that looks unused: it may still be in its place.
    if (entry == nullptr && change.by < 0) entry = find_key(*this, change.key);
    if (entry != nullptr) note_change(*entry, change.by);
  }
}

std::vector<FailureKey> FailureTable::take_displaced() {
  std::erase_if(displaced_, [&](const FailureKey& key) { return find_in(*this, key) != nullptr; });
  return std::exchange(displaced_, {});
}

void FailureTable::put_back_displaced(std::span<const FailureKey> keys) {
  for (const FailureKey& key : keys) {
    if (displaced_.size() < kMostDisplaced) displaced_.push_back(key);
  }
}

void FailureTable::learn(const FailureKey& key, const Failures& written, TimePoint now) {
  const Entry* const known = find_in(*this, key);
  const bool bucket = known == nullptr ? written.count == 0 && written.last > now : known->bucket;
  if (written.count == 0 && !bucket && known == nullptr) return;
  Entry& entry = find_or_make(key, now);
  entry.stored = true;
  if (bucket) {
    entry.bucket = true;
    entry.last = written.last + milliseconds(entry.unwritten);
    return;
  }
  const auto count = std::int64_t{written.count} + entry.unwritten;
  entry.count = static_cast<std::uint32_t>(std::max<std::int64_t>(0, count));
  entry.last = entry.unwritten == 0 ? written.last : std::max(entry.last, written.last);
}

}  // namespace gatehouse::guard
