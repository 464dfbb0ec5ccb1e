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
/// What writing, and what sweeping, may take of a tick.
constexpr auto kMostOfATick = 400ms;
constexpr auto kShortestPause = 100ms;
/// Two attempts may fail before another host may take our keys for unused.
constexpr auto kClaimInterval = SessionStore::kKeyUse / 3;
constexpr auto kLastTries = 2s;
constexpr auto kLastTryInterval = 100ms;
constexpr auto kLastWrites = 2s;
constexpr auto kPurge = 1h;
constexpr auto kCleanEvents = 10min;
constexpr auto kSweepAll = 10min;
constexpr auto kAskForNames = 1h;

/// Says when something is due that is done once in an interval. It goes by the time that has passed
/// and not by the number of ticks, since each step takes as long as the database.
class Periodic {
 public:
  Periodic(TimePoint start, BootTime::duration interval) : last_(start), interval_(interval) {}
  /// How many times it has become due since the last call.
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

/// A step that is done for one part of the map after the other, all of them in `round`, so that it
/// does not come in bursts. It takes no more than kMostOfATick at once. Where there are too many
/// sessions for that, a round takes longer, and the claim of the keys is in time.
class PartByPart {
 public:
  PartByPart(TimePoint start, BootTime::duration round, std::size_t parts)
      : due_(start, round / parts), parts_(parts) {}
  /// `step` says whether it is done with its part, or fails: that part is left to the next round.
  template <class Step>
  void go_on(TimePoint now, const std::stop_token& stop, const Step& step) {
    owed_ = std::min(owed_ + due_.times(now), parts_);
    const auto until = std::chrono::steady_clock::now() + kMostOfATick;
    const std::function<bool()> in_time = [&] {
      return !stop.stop_requested() && std::chrono::steady_clock::now() < until;
    };
    while (owed_ > 0 && in_time()) {
      const Result<bool> done = step(in_time);
      if (!done || *done) --owed_;
    }
  }

 private:
  Periodic due_;
  const std::size_t parts_;
  std::size_t owed_ = 0;
};

}  // namespace

SyncThreads::SyncThreads(Synchronisation& sync, SessionStore& store,
                         std::vector<std::string> key_marks,
                         std::function<void(std::string)> on_keys_refused, EventStore* events)
    : sync_(sync),
      store_(store),
      events_(events),
      key_marks_(std::move(key_marks)),
      on_keys_refused_(std::move(on_keys_refused)),
      begun_(sync.clock().now()),
      claim_(sync.memory().claimed_marks.with([&](const auto& claimed) {
        return claimed == key_marks_ ? Claim::unsure : Claim::none;
      })),
      polling_([this](const std::stop_token& stop) { run_polling(stop); }),
      housekeeping_([this](const std::stop_token& stop) { run_housekeeping(stop); }) {}

SyncThreads::~SyncThreads() {
  polling_.request_stop();
  housekeeping_.request_stop();
  polling_.join();
  housekeeping_.join();
  const auto until = std::chrono::steady_clock::now() + kLastTries;
  while (!sync_.retry_revocations() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kLastTryInterval);
  }
  const auto written_until = std::chrono::steady_clock::now() + kLastWrites;
  static_cast<void>(
      sync_.write_uses([&] { return std::chrono::steady_clock::now() < written_until; }));
}

void SyncThreads::wait_for_first_claim() {
  progress_.wait(std::stop_token(),
                 [](const Progress& progress) { return progress.tried_to_claim; });
}

/// False if the threads are to stop.
bool SyncThreads::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  progress_.wait_for(stop, time, [](const Progress&) { return false; });
  return !stop.stop_requested();
}

/// Pauses for a moment at least, so that a database that is slow is not asked without a pause.
bool SyncThreads::pause_until(const std::stop_token& stop,
                              std::chrono::steady_clock::time_point time) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      time - std::chrono::steady_clock::now());
  return pause(stop, std::max<std::chrono::milliseconds>(left, kShortestPause));
}

void SyncThreads::run_polling(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "session-poll");
  do {
    const auto polled = sync_.poll();
    if (!polled && failed_polls_.happened()) {
      spdlog::warn("it is not known now which sessions other hosts have revoked: {}",
                   polled.error().what);
    }
    if (polled && failed_polls_.over()) {
      spdlog::info("it is known again which sessions other hosts have revoked");
    }
    if (polled) polled_ = true;
  } while (pause(stop, kPollInterval));
}

/// Tells that a reload has brought other keys. A mark names a key and does not give it away
/// (`gatehouse key list`).
void SyncThreads::tell_keys(const std::vector<std::string>& before) const {
  const bool signs = before.front() != key_marks_.front();
  log::tell({.kind = log::EventKind::keys_changed,
             .message = fmt::format("the session keys have changed: {} {}, of {} that are accepted",
                                    key_marks_.front(), signs ? "signs now" : "goes on signing",
                                    key_marks_.size()),
             .reason = signs ? "signs_by_another" : "accepts_others"});
}

/// Claims the keys, or renews the claim. False if they are refused.
bool SyncThreads::claim() {
  const auto claimed = store_.claim(key_marks_);
  if (claimed) {
    claim_ = Claim::holds;
    const auto before = sync_.memory().claimed_marks.with(
        [&](auto& marks) { return std::exchange(marks, key_marks_); });
    if (!before.empty() && before != key_marks_) tell_keys(before);
    if (failed_claims_.over()) spdlog::info("the session keys are claimed");
  } else if (claimed.error().kind == Error::Kind::refused) {
    claim_ = Claim::none;
    on_keys_refused_(claimed.error().what);
  } else {
    if (claim_ == Claim::holds) claim_ = Claim::unsure;
    if (failed_claims_.happened()) {
      spdlog::warn("the session keys cannot be claimed in MySQL: {}", claimed.error().what);
    }
  }
  progress_.change([](Progress& progress) { progress.tried_to_claim = true; });
  return claimed || claimed.error().kind != Error::Kind::refused;
}

/// Retries revocations, and renews the claim of the keys when that is due. False if they are
/// refused.
bool SyncThreads::renew() {
  sync_.retry_revocations();
  const TimePoint now = sync_.clock().now();
  if (now - claimed_at_ < kClaimInterval && claim_holds()) return true;
  claimed_at_ = now;
  return claim();
}

/// Returns when the keys are claimed and the first poll has succeeded. Logouts that were answered
/// with 503 meanwhile are written as soon as that is possible. False if the keys are refused or the
/// threads are to stop.
bool SyncThreads::claim_and_await_poll(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!claim_holds() && !claim()) return false;
    if (claim_holds() && polled_) return true;
    sync_.retry_revocations();
    if (!pause(stop, claim_holds() ? kFirstPollInterval : kFirstClaimInterval)) return false;
  }
  return false;
}

void SyncThreads::read_back(const std::stop_token& stop) {
  if (sync_.memory().read_back) return;
  const auto begun = std::chrono::steady_clock::now();
  // Ten million sessions take longer than a claim is good for.
  auto renew_at = begun + kTick;
  const auto go_on = [&] {
    if (stop.stop_requested() || !keys_claimed()) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now < renew_at) return true;
    renew_at = now + kTick;
    return renew();
  };
  sync_.keep_tombstones(true);
  auto read = sync_.read_back(go_on);
  while (!read && renew() && pause(stop, kTick)) read = sync_.read_back(go_on);
  sync_.keep_tombstones(false);
  if (!read || !keys_claimed() || stop.stop_requested()) return;
  sync_.memory().read_back = true;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  spdlog::info("{} sessions were read from MySQL in {:.1f} s", *read, took.count());
}

void SyncThreads::run_housekeeping(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "housekeeping");
  if (claim_and_await_poll(stop)) housekeeping_rounds(stop);
}

/// True if there is more to remove, in the next round.
bool SyncThreads::clean_events() {
  // That the table is missing, or MySQL away, is told where events are written.
  return events_ != nullptr && events_->clean().value_or(false);
}

/// Returns when the keys are refused or the threads are to stop.
void SyncThreads::housekeeping_rounds(const std::stop_token& stop) {
  claimed_at_ = sync_.clock().now();
  read_back(stop);
  if (!keys_claimed()) return;
  const auto go_on = [&stop] { return !stop.stop_requested(); };
  sync_.ask_for_names(go_on);
  PartByPart write(begun_, sync_.settings().write_interval, sync_.parts());
  PartByPart sweep(begun_, kSweepAll, sync_.parts());
  Periodic check(begun_, std::max<BootTime::duration>(kTick, sync_.settings().user_max_age / 6));
  Periodic purge(begun_, kPurge);
  Periodic clean(begun_, kCleanEvents);
  bool more_events = false;
  Periodic names(begun_, kAskForNames);
  auto tick = std::chrono::steady_clock::now();
  while (pause_until(stop, tick + kTick)) {
    tick = std::chrono::steady_clock::now();
    if (!renew()) return;
    const TimePoint now = sync_.clock().now();
    write.go_on(now, stop, [&](const auto& in_time) { return sync_.write_some_uses(in_time); });
    if (check.due(now)) sync_.check_users(go_on);
    sweep.go_on(now, stop, [&](const auto& in_time) { return sync_.sweep(in_time); });
    if (purge.due(now)) static_cast<void>(sync_.purge());
    if (clean.due(now) || more_events) more_events = clean_events();
    if (names.due(now)) sync_.ask_for_names(go_on);
  }
}

}  // namespace gatehouse::session
