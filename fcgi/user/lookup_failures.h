/// Look-ups that MySQL answers otherwise than with a user: told in the log while they last.
#pragma once

#include <string>
#include <unordered_map>

#include "base/guarded.h"
#include "base/log.h"
#include "base/repeated.h"

namespace gatehouse::user {

/// One kind of look-up. One user's fault must not be logged as over because another user is fine:
/// it is over when none is left of those that were looked up in vain. Whoever is looked up no more
/// counts for two minutes. Thread-safe.
class Faults {
 public:
  /// `what` begins the lines of the log: "the look-up of a user".
  explicit Faults(std::string what) : what_(std::move(what)) {}

  /// `whom` is what was looked up; it is not logged, since people type their password as a name.
  void failed(const std::string& whom, const Error& error) {
    lasting_.with([&](Lasting& lasting) {
      if (lasting.size() < kMost) lasting[whom] = clock_.now();
    });
    if (repeated_.happened()) {
      spdlog::error(
          "{}: {} ({} times since this was last said; sessions of whom it concerns are "
          "answered with 503)",
          what_, error.what, repeated_.count());
    }
  }
  void succeeded(const std::string& whom) {
    const bool none_left = lasting_.with([&](Lasting& lasting) {
      if (lasting.empty()) return false;
      lasting.erase(whom);
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
  Guarded<Lasting> lasting_;
  Repeated repeated_;
};

}  // namespace gatehouse::user
