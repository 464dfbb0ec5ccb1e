#include "session/keeper.h"

#include <pthread.h>

#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 500ms;
constexpr auto kTick = 1s;
constexpr auto kLastTries = 2s;
constexpr auto kLastTryInterval = 100ms;
// In ticks:
constexpr unsigned kPurge = 3600;
constexpr unsigned kSweepAll = 60;

}  // namespace

Keeper::Keeper(Upkeep& upkeep, SessionStore& store, std::vector<std::string> key_marks,
               std::function<void(std::string)> refuse)
    : upkeep_(upkeep),
      store_(store),
      key_marks_(std::move(key_marks)),
      refuse_(std::move(refuse)),
      poller_([this] { poll(); }) {
  try {
    housekeeper_ = std::thread([this] { keep(); });
  } catch (...) {
    end_threads();
    throw;
  }
}

void Keeper::end_threads() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  poller_.join();
  if (housekeeper_.joinable()) housekeeper_.join();
}

Keeper::~Keeper() {
  end_threads();
  const auto until = std::chrono::steady_clock::now() + kLastTries;
  while (!upkeep_.retry_endings() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kLastTryInterval);
  }
  static_cast<void>(upkeep_.write_uses());
}

/// False at the end.
bool Keeper::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  ending_.wait_for(lock, time, [this] { return ended_.load(); });
  return !ended_;
}

/// False at the end.
bool Keeper::wait_for_first_poll() {
  std::unique_lock lock(mutex_);
  ending_.wait(lock, [this] { return polled_ || ended_; });
  return !ended_;
}

void Keeper::poll() {
  ::pthread_setname_np(::pthread_self(), "session-poll");
  if (!claim()) return;
  bool failing = false;
  bool first = true;
  do {
    const auto polled = upkeep_.poll();
    if (!polled && !failing) {
      spdlog::warn("what was logged out elsewhere is not known: {}", polled.error().what);
    }
    if (polled && failing) spdlog::info("what was logged out elsewhere is known again");
    failing = !polled;
    if (polled && std::exchange(first, false)) {
      const std::lock_guard lock(mutex_);
      polled_ = true;
      ending_.notify_all();
    }
  } while (wait(kPollInterval));
}

/// False if it is refused, or at the end.
bool Keeper::claim() {
  bool failing = false;
  do {
    const auto claimed = store_.claim(key_marks_);
    if (claimed) return true;
    if (claimed.error().kind == Error::Kind::refused) {
      refuse_(claimed.error().what);
      return false;
    }
    if (!std::exchange(failing, true)) {
      spdlog::warn("the sessions in MySQL cannot be read: {}", claimed.error().what);
    }
  } while (wait(kPollInterval));
  return false;
}

void Keeper::read_back() {
  const auto begun = std::chrono::steady_clock::now();
  const auto go_on = [this] { return going_on(); };
  for (auto read = upkeep_.read_back(go_on);; read = upkeep_.read_back(go_on)) {
    if (read) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
      spdlog::info("{} sessions read back in {:.1f} s", *read, took.count());
      return;
    }
    if (!wait(kTick)) return;
  }
}

void Keeper::keep() {
  ::pthread_setname_np(::pthread_self(), "session-keep");
  if (!wait_for_first_poll()) return;
  upkeep_.keep_endings(true);
  read_back();
  upkeep_.keep_endings(false);
  const auto go_on = [this] { return going_on(); };
  std::size_t swept = 0;
  for (unsigned tick = 1; wait(kTick); ++tick) {
    upkeep_.retry_endings();
    if (tick % upkeep_.write_interval().count() == 0) static_cast<void>(upkeep_.write_uses());
    upkeep_.check_users(go_on);
    // As many parts a tick as bring it through all in a minute.
    for (; going_on() && swept * kSweepAll < upkeep_.parts() * (tick % kSweepAll); ++swept) {
      static_cast<void>(upkeep_.sweep());
    }
    if (tick % kSweepAll == 0) swept = 0;
    if (tick % kPurge == 0) static_cast<void>(upkeep_.purge());
  }
}

}  // namespace gatehouse::session
