#include "guard/spray_alarm.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace gatehouse::guard {

SprayAlarm::SprayAlarm(const Clock& clock, const CountKeys& keys, LoginCounts& counts,
                       std::string_view advice, std::function<void(const Spray&)> on_spray)
    : clock_(clock),
      counts_(counts.failures),
      all_failures_(keys.of(CountKind::all_failures, {})),
      alarm_(keys.of(CountKind::spraying, {})),
      advice_(advice),
      spraying_(counts.spraying),
      sprays_(clock),
      on_spray_(std::move(on_spray)) {
  // The alarm before a reload has told of a spray that lasts, and cannot tell of its end any more.
  const bool lasted = spraying_.with([](const Spraying& spraying) { return spraying.lasted(); });
  if (lasted) static_cast<void>(sprays_.happened());
}

void SprayAlarm::note_failure() {
  // It begins anew long before a column of MySQL is full.
  constexpr std::uint32_t kMost = 1'000'000'000;
  counts_.with([&](FailureTable& table) {
    const TimePoint now = clock_.now();
    const std::uint32_t count = table.of(all_failures_).count;
    table.set(all_failures_, {count >= kMost ? 0 : count + 1, now}, now);
  });
  const Spray spray = look();
  if (!spray.lasting || !sprays_.happened()) return;
  spdlog::warn(
      "login: {} failures in five minutes, at least five times as many as in the hour before: "
      "somebody tries many names{}",
      spray.recent, advice_);
  tell(spray);
}

Spray SprayAlarm::look() {
  const TimePoint now = clock_.now();
  const std::uint32_t count =
      counts_.with([&](const FailureTable& table) { return table.of(all_failures_).count; });
  const Spray spray = spraying_.with([&](Spraying& spraying) {
    spraying.see(count, now);
    return Spray{spraying.lasting(now), spraying.recent(now)};
  });
  if (!spray.lasting && sprays_.over()) {
    spdlog::info("login: failures are as many as usual again");
    tell(spray);
  }
  return spray;
}

/// Keeps the alarm as a count, so that `gatehouse check` sees it in MySQL.
void SprayAlarm::tell(const Spray& spray) {
  const auto failures =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(spray.recent, 1U << 30U));
  counts_.with([&](FailureTable& table) {
    const TimePoint now = clock_.now();
    table.set(alarm_, {spray.lasting ? failures : 0, now}, now);
  });
  if (on_spray_) on_spray_(spray);
}

}  // namespace gatehouse::guard
