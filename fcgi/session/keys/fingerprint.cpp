#include "session/keys/fingerprint.h"

#include <array>
#include <cstring>

namespace gatehouse::session {
namespace {

Fingerprint under(const HmacSha256& key, const user::UserId& id, std::string_view hash) {
  const std::array<std::string_view, 2> parts = {
      std::string_view(id.text().c_str(), id.text().size() + 1), hash};
  const auto mac = key.of(parts);
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, mac.data(), sizeof bytes);
  return Fingerprint{bytes == 0 ? 1 : bytes};  // 0 would be Fingerprint::unknown
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
