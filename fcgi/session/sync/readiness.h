/// Whether a login and a logout would work now: what a load balancer asks with /readyz.
///
/// The only proof is a write, which costs a commit and, where the database is ill, a time-out. So
/// one thread does it, only when somebody has asked, and at most once a second; everybody else gets
/// what it has found. A flood of questions costs no more than one of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/repeated.h"
#include "session/sessions.h"

namespace gatehouse::session {

/// Thread-safe.
class Readiness {
 public:
  /// An error says what does not work. It may take as long as the database.
  using Probe = std::function<Result<void>()>;
  static constexpr std::chrono::seconds kGood{1};  ///< for how long an answer counts

  Readiness(const Clock& clock, Probe probe);
  Readiness(const Readiness&) = delete;
  Readiness(Readiness&&) = delete;
  Readiness& operator=(const Readiness&) = delete;
  Readiness& operator=(Readiness&&) = delete;
  /// Waits for a probe that is under way.
  ~Readiness();

  /// What a probe has found that began at most kGood ago. Where there is none: without patience
  /// nothing, and it never waits; with it, what the next one finds, for which it waits at most
  /// kGood. A probe that takes longer means no.
  [[nodiscard]] std::optional<bool> ask(Patience patience);

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] std::optional<bool> known() const;

  const Clock& clock_;
  const Probe probe_;
  Repeated troubles_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  // Under mutex_:
  bool wanted_ = false;
  std::optional<TimePoint> running_since_;
  std::optional<TimePoint> found_at_;  ///< when the probe began that found it
  bool found_ = false;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::session
