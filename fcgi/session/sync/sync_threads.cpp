#include "session/sync/sync_threads.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 500ms;
constexpr auto kFirstPollInterval = 20ms;
constexpr auto kFirstClaimInterval = 250ms;
constexpr auto kTick = 1s;
/// Two attempts may fail before another host may take our keys for unused.
constexpr auto kClaimInterval = SessionStore::kKeyUse / 3;
constexpr auto kLastTries = 2s;
constexpr auto kLastTryInterval = 100ms;
constexpr auto kPurge = 1h;
constexpr auto kSweepAll = 60s;
constexpr auto kAskForNames = 1h;

/// What is to be done once in an interval. By the time that has passed, not by the number of looks
/// at it: each step takes as long as the database.
class Periodic {
 public:
  Periodic(TimePoint start, BootTime::duration interval) : last_(start), interval_(interval) {}
  /// How many times it has become due since it was last asked.
  std::size_t times(TimePoint now) {
    const auto times = now <= last_ ? 0 : (now - last_) / interval_;
    last_ += times * interval_;
    return static_cast<std::size_t>(times);
  }
  bool due(TimePoint now) { return times(now) > 0; }

 private:
  TimePoint last_;
  const BootTime::duration interval_;
};

}  // namespace

SyncThreads::SyncThreads(Synchronisation& sync, SessionStore& store,
                         std::vector<std::string> key_marks,
                         std::function<void(std::string)> refuse)
    : sync_(sync),
      store_(store),
      key_marks_(std::move(key_marks)),
      refuse_(std::move(refuse)),
      begun_(sync.clock().now()),
      poller_([this] { poll(); }) {
  try {
    housekeeper_ = std::thread([this] { keep(); });
  } catch (...) {
    end_threads();
    throw;
  }
}

void SyncThreads::end_threads() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  poller_.join();
  if (housekeeper_.joinable()) housekeeper_.join();
}

SyncThreads::~SyncThreads() {
  end_threads();
  const auto until = std::chrono::steady_clock::now() + kLastTries;
  while (!sync_.retry_revocations() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kLastTryInterval);
  }
  static_cast<void>(sync_.write_uses());
}

void SyncThreads::wait_for_first_claim() {
  std::unique_lock lock(mutex_);
  progress_.wait(lock, [this] { return tried_to_claim_; });
}

/// False at the end.
bool SyncThreads::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  ending_.wait_for(lock, time, [this] { return ended_.load(); });
  return !ended_;
}

void SyncThreads::poll() {
  ::pthread_setname_np(::pthread_self(), "session-poll");
  do {
    const auto polled = sync_.poll();
    if (!polled && failed_polls_.happened()) {
      spdlog::warn("what was logged out elsewhere is not known: {}", polled.error().what);
    }
    if (polled && failed_polls_.over()) {
      spdlog::info("what was logged out elsewhere is known again");
    }
    if (polled) polled_ = true;
  } while (wait(kPollInterval));
}

/// Claims the keys, or says again that they are in use. False if they are refused.
bool SyncThreads::claim() {
  const auto claimed = store_.claim(key_marks_);
  if (claimed) {
    claim_ = Claim::holds;
    if (failed_claims_.over()) spdlog::info("the session keys are claimed");
  } else if (claimed.error().kind == Error::Kind::refused) {
    claim_ = Claim::none;
    refuse_(claimed.error().what);
  } else {
    if (claim_ == Claim::holds) claim_ = Claim::unsure;
    if (failed_claims_.happened()) {
      spdlog::warn("the session keys cannot be claimed in MySQL: {}", claimed.error().what);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    tried_to_claim_ = true;
  }
  progress_.notify_all();
  return claimed || claimed.error().kind != Error::Kind::refused;
}

/// Returns when the keys are claimed and the first poll has succeeded. Logouts that were answered
/// with 503 meanwhile are written as soon as that is possible. False if the keys are refused, or at
/// the end.
bool SyncThreads::begin() {
  while (going_on()) {
    if (!claimed() && !claim()) return false;
    if (claimed() && polled_) return true;
    sync_.retry_revocations();
    if (!wait(claimed() ? kFirstPollInterval : kFirstClaimInterval)) return false;
  }
  return false;
}

void SyncThreads::read_back() {
  const auto begun = std::chrono::steady_clock::now();
  const auto go_on = [this] { return going_on(); };
  for (auto read = sync_.read_back(go_on);; read = sync_.read_back(go_on)) {
    if (read) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
      spdlog::info("{} sessions read back in {:.1f} s", *read, took.count());
      return;
    }
    sync_.retry_revocations();
    if (!wait(kTick)) return;
  }
}

void SyncThreads::keep() {
  ::pthread_setname_np(::pthread_self(), "session-keep");
  if (!begin()) return;
  TimePoint claimed_at = sync_.clock().now();
  sync_.keep_tombstones(true);
  read_back();
  sync_.keep_tombstones(false);
  const auto go_on = [this] { return going_on(); };
  sync_.ask_for_names(go_on);
  Periodic write(begun_, sync_.write_interval());
  Periodic purge(begun_, kPurge);
  Periodic names(begun_, kAskForNames);
  // As many parts as bring it through all in a minute.
  Periodic sweep(begun_, BootTime::duration(kSweepAll) / sync_.parts());
  while (wait(kTick)) {
    const TimePoint now = sync_.clock().now();
    sync_.retry_revocations();
    if (now - claimed_at >= kClaimInterval || !claim_holds()) {
      if (!claim()) return;
      claimed_at = now;
    }
    if (write.due(now)) static_cast<void>(sync_.write_uses());
    sync_.check_users(go_on);
    std::size_t parts = std::min(sweep.times(now), sync_.parts());
    for (; parts > 0 && going_on(); --parts) static_cast<void>(sync_.sweep());
    if (purge.due(now)) static_cast<void>(sync_.purge());
    if (names.due(now)) sync_.ask_for_names(go_on);
  }
}

}  // namespace gatehouse::session
