#include "user/table_census.h"

#include <pthread.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;
using State = password::Census::State;

constexpr int kNice = 10;
constexpr auto kInterval = 1h;
constexpr auto kRetryInterval = 10s;

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

TableCensus::TableCensus(UserDirectory& directory, const password::Verifier& verifier)
    : directory_(directory), verifier_(verifier), thread_([this] { run(); }) {}

TableCensus::~TableCensus() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
  thread_.join();
}

void TableCensus::run() {
  ::pthread_setname_np(::pthread_self(), "census");
  ::setpriority(PRIO_PROCESS, 0, kNice);  // on Linux: of this thread
  std::unique_lock lock(mutex_);
  std::string last_error;
  while (!ended_) {
    lock.unlock();
    const auto counted = count();
    if (!counted && counted.error().what != last_error) {
      spdlog::warn("the table of users cannot be counted: {}", counted.error().what);
    }
    last_error = counted ? "" : counted.error().what;
    lock.lock();
    ending_.wait_for(lock, counted ? std::chrono::seconds(kInterval) : kRetryInterval,
                     [&] { return ended_.load(); });
  }
}

Result<void> TableCensus::count() {
  auto census = verifier_.census();
  const auto rows = directory_.for_each_hash([&] { census = verifier_.census(); },
                                             [&](std::string_view hash) {
                                               census.add(hash);
                                               return !ended_;
                                             });
  if (!rows) return tl::unexpected(rows.error());
  if (ended_) return {};
  verifier_.learn(census);
  log_rows(census);
  return {};
}

}  // namespace gatehouse::user
