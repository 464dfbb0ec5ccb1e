#include "session/known_places.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "guard/address_rings.h"

namespace gatehouse::session {
namespace {

/// What a device keeps over its logins; the rest of it is the mark.
constexpr std::size_t kKept = sizeof(guard::DeviceCookie::device);

struct Device {
  const StoredPlace* latest;
  std::uint32_t logins;
};

/// The devices of the places, which have the latest login first.
std::vector<Device> devices_of(const std::vector<StoredPlace>& places) {
  std::vector<Device> devices;
  for (const StoredPlace& place : places) {
    if (place.device.size() != sizeof(guard::DeviceId)) continue;
    const auto kept = std::string_view(place.device).substr(0, kKept);
    const auto same = std::find_if(devices.begin(), devices.end(), [&](const Device& device) {
      return std::string_view(device.latest->device).substr(0, kKept) == kept;
    });
    if (same == devices.end()) {
      devices.push_back({&place, place.logins});
    } else {
      same->logins += place.logins;
    }
  }
  // A client that keeps no cookies is a new device at each login. It must not displace those that
  // come back.
  std::stable_partition(devices.begin(), devices.end(),
                        [](const Device& device) { return device.logins > 1; });
  return devices;
}

bool is_from(const StoredPlace& place, std::string_view ring) {
  return !place.address.empty() &&
         guard::AddressRings(guard::ClientAddress::parse(place.address)).names().back() == ring;
}

}  // namespace

guard::Known KnownPlaces::of(const guard::Row& row, std::string_view ring,
                             const std::optional<guard::DeviceId>& device) {
  const user::UserId id{std::string(row.id)};
  const auto places = store_.places(id, known_for_);
  if (!places || row.id.empty()) return {};
  guard::Known known;
  known.ring = std::any_of(places->begin(), places->end(),
                           [&](const StoredPlace& place) { return is_from(place, ring); });
  if (!device) return known;
  const std::string_view wanted(device->data(), device->size());
  auto devices = devices_of(*places);
  if (devices.size() > kMostDevices) devices.resize(kMostDevices);
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const Device& one) { return one.latest->device == wanted; });
  if (found == devices.end() || !found->latest->current) return known;
  const auto prints = fingerprints_.all_of(id, row.hash);
  known.device = std::any_of(prints.begin(), prints.end(), [&](Fingerprint print) {
    return print == found->latest->fingerprint || print == found->latest->next_fingerprint;
  });
  return known;
}

}  // namespace gatehouse::session
