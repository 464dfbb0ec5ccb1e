#include "session/sync/readiness.h"

#include <pthread.h>

#include <utility>

#include "base/log.h"

namespace gatehouse::session {

Readiness::Readiness(const Clock& clock, Probe probe)
    : clock_(clock),
      probe_(std::move(probe)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Readiness::~Readiness() = default;

std::optional<bool> Readiness::ask(Patience patience) {
  std::unique_lock lock(mutex_);
  if (const auto answer = known()) return answer;
  if (patience == Patience::none) return std::nullopt;
  wanted_ = true;
  changed_.notify_all();
  std::optional<bool> answer;
  changed_.wait_for(lock, kGood, [&] { return (answer = known()).has_value(); });
  return answer.value_or(false);
}

/// With the lock held.
std::optional<bool> Readiness::known() const {
  const TimePoint now = clock_.now();
  if (running_since_ && now - *running_since_ >= kGood) return false;
  if (found_at_ && now - *found_at_ < kGood) return found_;
  return std::nullopt;
}

void Readiness::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "readiness");
  for (;;) {
    TimePoint begun;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return wanted_; })) return;
      wanted_ = false;
      begun = clock_.now();
      running_since_ = begun;
    }
    const auto probed = probe_();
    if (!probed && troubles_.happened()) spdlog::warn("not ready: {}", probed.error().what);
    if (probed && troubles_.over()) spdlog::info("ready again");
    {
      const std::lock_guard lock(mutex_);
      running_since_.reset();
      // One that took too long says no for as long as a quick one would have said yes.
      const TimePoint now = clock_.now();
      found_ = probed.has_value() && now - begun < kGood;
      found_at_ = found_ ? begun : now;
    }
    changed_.notify_all();
  }
}

}  // namespace gatehouse::session
