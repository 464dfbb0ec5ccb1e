/// Whether a login and a logout would work now, which a load balancer asks with /readyz.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/monitor.h"
#include "base/repeated.h"
#include "session/session.h"

namespace gatehouse::session {

/// Answers from a probe that writes to the database, since nothing less proves that a login would
/// work. The probe costs a commit and, if the database is ill, a time-out. So one thread makes it,
/// only when somebody has asked, and at most once a second; everybody else gets what it has found,
/// and a flood of questions costs no more than one of them. Thread-safe.
class Readiness {
 public:
  /// An error says what does not work. It may take as long as the database.
  using Probe = std::function<Result<void>()>;
  static constexpr std::chrono::seconds kGood{1};  ///< for how long an answer counts
  /// For how long a probe may take. A cluster that has just lost a node takes a second for each
  /// write, and logins work there.
  static constexpr std::chrono::seconds kLongest{2};

  /// `clock` must outlive this object.
  Readiness(const Clock& clock, Probe probe);
  Readiness(const Readiness&) = delete;
  Readiness(Readiness&&) = delete;
  Readiness& operator=(const Readiness&) = delete;
  Readiness& operator=(Readiness&&) = delete;
  /// Waits for a probe that is under way.
  ~Readiness();

  /// The result of a probe that ended at most kGood ago. If there is none, the answer is nothing,
  /// at once, without patience; with patience it is the result of the next probe, which is awaited
  /// for kLongest at most. A probe that takes longer means no.
  [[nodiscard]] std::optional<bool> ask(Patience patience);

 private:
  struct State {
    bool wanted = false;  ///< somebody waits for a probe
    std::optional<TimePoint> running_since;
    std::optional<TimePoint> found_at;  ///< when the probe that `found` ended
    bool found = false;
  };

  void run(const std::stop_token& stop);
  void note(const Result<void>& probed, TimePoint begun);
  [[nodiscard]] std::optional<bool> known(const State& state) const;

  const Clock& clock_;
  const Probe probe_;
  Repeated troubles_;
  Monitor<State> state_;
  std::jthread thread_;  // last, so that it stops before what it uses goes
};

}  // namespace gatehouse::session
