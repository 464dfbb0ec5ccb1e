#include "session/keys/fingerprint.h"

#include <array>
#include <cstring>

namespace gatehouse::session {
namespace {

Fingerprint under(const HmacSha256& key, const user::UserId& id, std::string_view hash) {
  const std::array<std::string_view, 2> parts = {std::string_view(id.c_str(), id.size() + 1), hash};
  const auto mac = key.of(parts);
  Fingerprint fingerprint = 0;
  std::memcpy(&fingerprint, mac.data(), sizeof fingerprint);
  return fingerprint == 0 ? 1 : fingerprint;
}

}  // namespace

Fingerprints::Fingerprints(const KeyRing& keys) {
  for (const Secret& key : keys.derive("fingerprint")) keys_.emplace_back(key);
}

Fingerprint Fingerprints::of(const user::UserId& id, std::string_view hash) const {
  return under(keys_.front(), id, hash);
}

std::vector<Fingerprint> Fingerprints::all_of(const user::UserId& id, std::string_view hash) const {
  std::vector<Fingerprint> all;
  for (const HmacSha256& key : keys_) all.push_back(under(key, id, hash));
  return all;
}

}  // namespace gatehouse::session
