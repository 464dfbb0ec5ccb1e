/// A guard of logins whose acquaintances the test names.
#pragma once

#include <array>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "guard/login_guard.h"
#include "support/fake_clock.h"

namespace gatehouse::test {

/// Knows what it was told.
class FakeAcquaintances final : public guard::Acquaintances {
 public:
  guard::Known of(const guard::Row& row, std::string_view ring,
                  const std::optional<guard::DeviceId>& device) override {
    ++asked;
    const std::string id(row.id);
    return {.ring = rings.contains({id, std::string(ring)}),
            .device = device && devices.contains({id, *device})};
  }
  std::set<std::pair<std::string, std::string>> rings;
  std::set<std::pair<std::string, guard::DeviceId>> devices;
  std::size_t asked = 0;
};

/// Settings with which no test meets a wait by accident.
inline config::Guard patient_guard() {
  constexpr unsigned kMany = 1'000'000;
  config::Guard settings;
  settings.free_guesses = settings.strangers_free_guesses = settings.close_after = kMany;
  settings.address_free_guesses = settings.network_free_guesses = kMany;
  settings.capacity = 1'024;
  return settings;
}

/// A guard with all that is under it.
struct FakeGuard {
  explicit FakeGuard(const Clock& clock, const config::Guard& settings = patient_guard())
      : guard(settings, clock, Secret("the key of the counts"), devices, acquaintances) {}

  FakeAcquaintances acquaintances;
  std::array<Secret, 1> keys{Secret(std::string("the key of the devices"))};
  guard::DeviceMint devices{keys, "gatehouse"};
  guard::LoginGuard guard;
};

/// Who asks from that address, without a device.
inline guard::Asker asker_from(std::string_view address) {
  return {.client = guard::ClientAddress::parse(address)};
}

}  // namespace gatehouse::test
