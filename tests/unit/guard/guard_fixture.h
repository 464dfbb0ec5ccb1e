/// Guesses at a guard with the settings as they are installed, in simulated time.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/fakes/fake_guard.h"

namespace gatehouse::test {

using namespace std::chrono_literals;

/// What came of asking for a permit.
struct Asked {
  bool looked_at = false;
  std::chrono::seconds wait{0};
};

class GuardTest : public testing::Test {
 protected:
  explicit GuardTest(const config::Guard& settings = {}) : fake(clock, settings) {}

  static constexpr guard::Row kRoy{"1", "roy's hash"};

  /// A guess at a name that finds these rows, which fails unless it is `right` (the first row's).
  Asked guess(const guard::Asker& asker, std::string_view name, std::vector<guard::Row> rows,
              bool right = false) {
    auto permit = fake.guard.ask({name, asker, rows});
    if (!permit) return {.wait = permit.error()};
    if (right && permit->tries(0)) {
      std::move(*permit).accept(0);
      return {.looked_at = true};
    }
    const bool tried = rows.empty() || permit->tries(0);
    return {.looked_at = tried};
  }
  Asked guess(std::string_view address, std::string_view name = "roy") {
    return guess(asker_from(address), name,
                 name == "roy" ? std::vector<guard::Row>{kRoy} : std::vector<guard::Row>{});
  }
  Asked log_in(std::string_view address) { return guess(asker_from(address), "roy", {kRoy}, true); }
  /// Guesses at once until it must wait; how many were looked at.
  int guess_at_once(std::string_view address, std::string_view name = "roy") {
    int count = 0;
    while (count < 1'000 && guess(address, name).looked_at) ++count;
    return count;
  }
  /// Guesses as soon as the wait is over, for so long.
  int guess_for(BootTime::duration time, std::string_view address, std::string_view name = "roy") {
    const TimePoint end = clock.now() + time;
    int count = 0;
    while (clock.now() < end) {
      const Asked asked = guess(address, name);
      if (asked.looked_at)
        ++count;
      else
        clock.advance(asked.wait);
    }
    return count;
  }
  void know_ring(std::string_view ring, std::string_view id = "1") {
    fake.acquaintances.rings.emplace(id, ring);
  }
  /// A browser that roy's account knows, at that address.
  guard::Asker known_device(std::string_view address) {
    const auto renewed = fake.devices.renew(std::nullopt, "1");
    fake.acquaintances.devices.emplace("1", renewed.id);
    guard::Asker asker = asker_from(address);
    asker.device = fake.devices.read(renewed.value);
    return asker;
  }

  FakeClock clock;
  FakeGuard fake;
};

}  // namespace gatehouse::test
