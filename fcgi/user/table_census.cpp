#include "user/table_census.h"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/monitor.h"
#include "base/repeated.h"

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;
using State = password::Census::State;
using Duration = std::chrono::milliseconds;

constexpr int kNice = 10;
constexpr Duration kInterval = 1h;
constexpr Duration kRetryInterval = 10s;
constexpr auto kPatience = 1s;

void log_rows(const password::Census& census) {
  spdlog::info("the user table has {} hashes", census.rows());
  for (const State state : {State::weak_waiting, State::too_costly, State::unreadable}) {
    for (const auto& group : census.groups()) {
      if (group.state != state) continue;
      spdlog::warn("{} rows cannot log in: {}: {}", group.rows, group.scheme, to_string(state));
    }
  }
}

}  // namespace

/// Holds all that the thread works with. It outlives a TableCensus whose thread still waits for
/// MySQL.
struct TableCensus::Shared {
  Shared(std::unique_ptr<HashSource> the_hashes, const password::Verifier& the_verifier)
      : hashes(std::move(the_hashes)), verifier(the_verifier) {}

  const std::unique_ptr<HashSource> hashes;
  /// May be gone as soon as a stop was requested while `reading`.
  const password::Verifier& verifier;
  Repeated failing;
  Monitor<bool> reading{false};  ///< the thread is in a statement, which may take minutes

  /// Gives nothing if a stop was requested: `verifier` must not be used then.
  Result<std::optional<password::Census>> count(const std::stop_token& stop) {
    auto census = verifier.census();
    // The stop is looked at under the lock, so that it comes either before the reading or while
    // ~TableCensus sees the reading.
    if (!reading.with([&](bool& now) { return now = !stop.stop_requested(); })) return std::nullopt;
    const auto rows = hashes->for_each([&](const password::Row& row) {
      census.add(row);
      return !stop.stop_requested();
    });
    const bool stopped = reading.change([&](bool& now) {
      now = false;
      return stop.stop_requested();
    });
    if (stopped) return std::nullopt;
    if (!rows) return tl::unexpected(rows.error());
    return std::optional(std::move(census));
  }

  /// Gives the pause until the next one.
  Duration count_and_learn(const std::stop_token& stop) {
    const TimePoint start = SystemClock().now();
    const auto census = count(stop);
    if (!census) {
      if (failing.happened()) {
        spdlog::warn("the hashes of the user table cannot be counted: {}", census.error().what);
      }
      return std::max(kRetryInterval, 2 * std::chrono::ceil<Duration>(SystemClock().now() - start));
    }
    if (*census) {
      if (failing.over()) spdlog::info("the hashes of the user table can be counted again");
      verifier.learn(**census, stop);
      log_rows(**census);
    }
    return kInterval;
  }
};

TableCensus::TableCensus(std::unique_ptr<HashSource> hashes, const password::Verifier& verifier)
    : shared_(std::make_shared<Shared>(std::move(hashes), verifier)),
      thread_([shared = shared_](const std::stop_token& stop) { run(*shared, stop); }) {}

TableCensus::~TableCensus() {
  thread_.request_stop();
  const bool idle = shared_->reading.wait_for(std::stop_token(), kPatience,
                                              [](const bool& reading) { return !reading; });
  if (!idle) thread_.detach();
}

void TableCensus::run(Shared& shared, const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "census");
  ::setpriority(PRIO_PROCESS, 0, kNice);  // on Linux: of this thread
  while (!stop.stop_requested()) {
    const auto pause = shared.count_and_learn(stop);
    shared.reading.wait_for(stop, pause, [](const bool& /*reading*/) { return false; });
  }
}

}  // namespace gatehouse::user
