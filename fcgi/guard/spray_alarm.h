/// The alarm that somebody tries many names, for the failures of all hosts together.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/clock.h"
#include "base/repeated.h"
#include "guard/count_keys.h"
#include "guard/login_counts.h"

namespace gatehouse::guard {

/// Whether the failures of the whole site have multiplied, and how many there were in the last five
/// minutes.
struct Spray {
  bool lasting;
  std::uint64_t recent;
};

/// Counts every failure in one count of the table, which all hosts share, and looks how it grows.
/// While somebody sprays it says so in the log, and in another count for `gatehouse check`.
/// Thread-safe; never called under the lock of the table.
class SprayAlarm {
 public:
  /// `on_spray` is told when it begins, each minute while it lasts, and when it is over. `advice`
  /// ends the log line. What is passed by reference must outlive it.
  SprayAlarm(const Clock& clock, const CountKeys& keys, LoginCounts& counts,
             std::string_view advice, std::function<void(const Spray&)> on_spray);

  /// A guess has failed.
  void note_failure();
  [[nodiscard]] Spray look();

 private:
  void tell(const Spray& spray);

  const Clock& clock_;
  Guarded<FailureTable>& counts_;
  const FailureKey all_failures_;
  const FailureKey alarm_;
  const std::string_view advice_;
  Guarded<Spraying>& spraying_;
  Repeated sprays_;
  const std::function<void(const Spray&)> on_spray_;
};

}  // namespace gatehouse::guard
