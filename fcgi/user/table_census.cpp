#include "user/table_census.h"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/repeated.h"

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;
using State = password::Census::State;
using Duration = TimePoint::duration;

constexpr int kNice = 10;
constexpr Duration kInterval = 1h;
constexpr Duration kRetryInterval = 10s;
constexpr auto kPatience = 1s;

void log_rows(const password::Census& census) {
  spdlog::info("the table holds {} hashes", census.rows());
  for (const State state : {State::weak_waiting, State::too_costly, State::unreadable}) {
    for (const auto& group : census.groups()) {
      if (group.state != state) continue;
      spdlog::warn("{} rows cannot log in: {}: {}", group.rows, group.scheme, to_string(state));
    }
  }
}

}  // namespace

/// Outlives a TableCensus whose thread waits for MySQL.
struct TableCensus::Shared {
  Shared(std::unique_ptr<PasswordColumn> the_column, const password::Verifier& the_verifier)
      : column(std::move(the_column)), verifier(the_verifier) {}

  const std::unique_ptr<PasswordColumn> column;
  const password::Verifier& verifier;  ///< may be gone as soon as `ended` while `reading`
  Repeated failing;
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> ended{false};  ///< written under the mutex
  bool reading = false;            ///< under the mutex

  /// False where the census ended before: then nobody would break the reading off.
  bool begin_reading() {
    const std::lock_guard lock(mutex);
    reading = !ended;
    return reading;
  }
  /// False where the census ended meanwhile.
  bool end_reading() {
    const std::lock_guard lock(mutex);
    reading = false;
    changed.notify_all();
    return !ended;
  }

  /// Nothing where the census ended: `verifier` must not be used then.
  Result<std::optional<password::Census>> count() {
    auto census = verifier.census();
    if (!begin_reading()) return std::nullopt;
    const auto rows = column->for_each([&](std::string_view hash) {
      census.add(hash);
      return !ended;
    });
    if (!end_reading()) return std::nullopt;
    if (!rows) return tl::unexpected(rows.error());
    return std::optional(std::move(census));
  }

  /// Gives the pause until the next one.
  Duration count_and_learn() {
    const TimePoint start = SystemClock().now();
    const auto census = count();
    if (!census) {
      if (failing.happened()) {
        spdlog::warn("the table of users cannot be counted: {}", census.error().what);
      }
      return std::max(kRetryInterval, 2 * (SystemClock().now() - start));
    }
    if (*census) {
      if (failing.over()) spdlog::info("the table of users can be counted again");
      verifier.learn(**census);
      log_rows(**census);
    }
    return kInterval;
  }
};

TableCensus::TableCensus(std::unique_ptr<PasswordColumn> column, const password::Verifier& verifier)
    : shared_(std::make_shared<Shared>(std::move(column), verifier)),
      thread_([shared = shared_] { run(shared); }) {}

TableCensus::~TableCensus() {
  std::unique_lock lock(shared_->mutex);
  shared_->ended = true;
  shared_->changed.notify_all();
  const bool idle = shared_->changed.wait_for(lock, kPatience, [&] { return !shared_->reading; });
  lock.unlock();
  if (idle) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

void TableCensus::run(const std::shared_ptr<Shared>& shared) {
  ::pthread_setname_np(::pthread_self(), "census");
  ::setpriority(PRIO_PROCESS, 0, kNice);  // on Linux: of this thread
  while (!shared->ended) {
    const Duration pause = shared->count_and_learn();
    std::unique_lock lock(shared->mutex);
    shared->changed.wait_for(lock, pause, [&] { return shared->ended.load(); });
  }
}

}  // namespace gatehouse::user
