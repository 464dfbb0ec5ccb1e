/// Lookups of users that MySQL answers, but not with a user: reported in the log while they last.
#pragma once

#include <string>
#include <unordered_map>

#include "base/error.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/repeated.h"

namespace gatehouse::user {

/// The failures of one kind of lookup. A failure may concern one user (a row that cannot be read)
/// or all (a column that was renamed). So it is reported as over only when every name that has
/// failed has succeeded since, or was not looked up for two minutes; else the success of any other
/// user would report it. Thread-safe.
class LookupFailures {
 public:
  /// `what` begins the lines of the log: "the lookup of a user".
  explicit LookupFailures(std::string what) : what_(std::move(what)) {}

  /// `key` is what was looked up. It is never logged, since people type their password as a name.
  void failed(const std::string& key, const Error& error) {
    lasting_.with([&](Lasting& lasting) {
      if (lasting.size() < kMost) lasting[key] = clock_.now();
    });
    if (repeated_.happened()) {
      spdlog::error(
          "{} failed: {} ({} times since the last such line; until it is mended, the users whom it "
          "concerns get 503). `gatehouse check` tries the queries",
          what_, error.what, repeated_.count());
    }
  }
  void succeeded(const std::string& key) {
    const bool none_left = lasting_.with([&](Lasting& lasting) {
      if (lasting.empty()) return false;
      lasting.erase(key);
      const TimePoint now = clock_.now();
      std::erase_if(lasting, [&](const auto& one) { return now - one.second > kRemember; });
      return lasting.empty();
    });
    if (none_left && repeated_.over()) spdlog::info("{} is answered again", what_);
  }

 private:
  using Lasting = std::unordered_map<std::string, TimePoint>;
  static constexpr std::size_t kMost = 1000;
  static constexpr std::chrono::minutes kRemember{2};

  const std::string what_;
  const SystemClock clock_;
  Guarded<Lasting> lasting_;  ///< when each key failed last
  Repeated repeated_;
};

}  // namespace gatehouse::user
