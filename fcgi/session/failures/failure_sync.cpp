#include "session/failures/failure_sync.h"

#include <pthread.h>

#include <algorithm>
#include <vector>

#include "base/log.h"
#include "session/store/missing_tables.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr auto kWriteInterval = 100ms;
constexpr int kPollEvery = 4;  // writes
constexpr auto kRetryInterval = 500ms;
constexpr auto kPurgeCounts = 1h;
constexpr auto kReadBackPatience = 2s;
constexpr std::size_t kChangesAtOnce = 2'000;
/// A commit may be late, and the clocks of a cluster's nodes differ.
constexpr microseconds kLateCommit = 3s;

/// After so long an outage all counts are read by pages: what has changed may be all of them.
constexpr auto kLongOutage = 1h;

microseconds since(TimePoint time, TimePoint now) {
  return std::chrono::duration_cast<microseconds>(now - time);
}

FailureChange change_of(const guard::FailureTable::Change& one, TimePoint now) {
  return {
      .key = one.key,
      .by = one.by,
      .ago = one.bucket ? since(one.last, now) : std::max(microseconds(0), since(one.last, now)),
      .count = one.count,
      .bucket = one.bucket};
}

}  // namespace

FailureSynchronisation::FailureSynchronisation(Guarded<guard::FailureTable>& counts,
                                               FailureStore& store, const Clock& clock)
    : counts_(counts), store_(store), clock_(clock), polled_(clock.now()) {}

/// Removes the rows of displaced entries first: one that comes back writes a row of its own then.
Result<void> FailureSynchronisation::remove_displaced() {
  const auto displaced = counts_.with([](auto& table) { return table.take_displaced(); });
  if (displaced.empty()) return {};
  auto removed = store_.remove(displaced);
  if (!removed) counts_.with([&](auto& table) { table.put_back_displaced(displaced); });
  return removed;
}

Result<void> FailureSynchronisation::write() {
  if (auto removed = remove_displaced(); !removed) return removed;
  for (;;) {
    const TimePoint now = clock_.now();
    auto taken = counts_.with([&](auto& table) { return table.take_changes(kChangesAtOnce, now); });
    if (taken.empty()) return {};
    std::sort(taken.begin(), taken.end(),
              [](const auto& left, const auto& right) { return left.key < right.key; });
    std::vector<FailureChange> changes;
    changes.reserve(taken.size());
    for (const auto& one : taken) changes.push_back(change_of(one, now));
    if (auto written = store_.add(changes); !written) {
      counts_.with([&](auto& table) { table.put_back(taken); });
      return written;
    }
  }
}

void FailureSynchronisation::learn(const std::vector<StoredFailures>& stored) {
  const TimePoint now = clock_.now();
  counts_.with([&](auto& table) {
    for (const StoredFailures& one : stored) {
      table.learn(one.key, {one.count, now - one.ago}, now);
    }
  });
}

Result<void> FailureSynchronisation::poll(const std::function<bool()>& go_on) {
  const TimePoint now = clock_.now();
  if (now - polled_ > kLongOutage) return read_back(go_on);
  const auto changed = store_.changed(since(polled_, now) + kLateCommit);
  if (!changed) return tl::unexpected(changed.error());
  learn(*changed);
  polled_ = now;
  return {};
}

Result<void> FailureSynchronisation::read_back(const std::function<bool()>& go_on) {
  const TimePoint now = clock_.now();
  std::optional<guard::FailureKey> after;
  while (go_on()) {
    const auto page = store_.page(after);
    if (!page) return tl::unexpected(page.error());
    if (page->empty()) break;
    learn(*page);
    after = page->back().key;
    // Other hosts must not wait for the failures of this one until all is read.
    if (auto written = write(); !written) return written;
  }
  polled_ = now;
  return {};
}

FailureSync::FailureSync(Guarded<guard::FailureTable>& counts, FailureStore& store,
                         const Clock& clock)
    : steps_(counts, store, clock),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FailureSync::~FailureSync() {
  thread_.request_stop();
  thread_.join();
  static_cast<void>(steps_.write());
}

void FailureSync::wait_for_read_back() {
  progress_.wait_for(std::stop_token(), kReadBackPatience,
                     [](const Progress& progress) { return progress.tried_to_read_back; });
}

bool FailureSync::note(const Result<void>& done) {
  if (!done && failing_.happened()) {
    spdlog::warn("failed logins are counted by this host alone, and forgotten when it stops: {}",
                 with_advice(done.error()));
  }
  return done.has_value();
}

/// False if the thread is to stop.
bool FailureSync::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  progress_.wait_for(stop, time, [](const Progress&) { return false; });
  return !stop.stop_requested();
}

void FailureSync::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "failures");
  const auto go_on = [&] { return !stop.stop_requested(); };
  bool read = note(steps_.read_back(go_on));
  progress_.change([](Progress& progress) { progress.tried_to_read_back = true; });
  while (!read) {
    if (!pause(stop, kRetryInterval)) return;
    read = note(steps_.write()) && note(steps_.read_back(go_on));
  }
  TimePoint purged = clock_.now();
  for (int round = 1; pause(stop, kWriteInterval); ++round) {
    bool well = note(steps_.write());
    if (round % kPollEvery == 0) {
      well = well && note(steps_.poll(go_on));
      if (well && failing_.over()) {
        spdlog::info("failed logins are counted together with the other hosts again");
      }
    }
    if (clock_.now() - purged >= kPurgeCounts) {
      static_cast<void>(steps_.purge());
      purged = clock_.now();
    }
    if (!well && !pause(stop, kRetryInterval)) return;
  }
}

}  // namespace gatehouse::session
