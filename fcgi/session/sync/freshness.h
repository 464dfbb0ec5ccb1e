/// Whether this process has heard of the latest revocations on other hosts.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "base/clock.h"

namespace gatehouse::session {

/// Says when a host must stop answering because it has not heard of revocations for too long
/// (`session.max_stale`): a session that it takes for live may be revoked elsewhere. Thread-safe.
class Freshness {
 public:
  /// Without a limit the process is never stale: a host that is alone makes every revocation
  /// itself. `known` is Memory::revocations_known.
  Freshness(const Clock& clock, std::optional<std::chrono::seconds> limit,
            std::atomic<TimePoint>& known)
      : clock_(clock), limit_(limit), known_(known) {}
  /// Notes that every revocation before `time` is known.
  void note(TimePoint time) noexcept { known_ = time; }
  [[nodiscard]] TimePoint known() const noexcept { return known_; }
  [[nodiscard]] bool stale() const noexcept {
    return limit_ && clock_.now() - known_.load() > *limit_;
  }

 private:
  const Clock& clock_;
  const std::optional<std::chrono::seconds> limit_;
  std::atomic<TimePoint>& known_;
};

}  // namespace gatehouse::session
