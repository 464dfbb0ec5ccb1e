#include "session/keys/handle.h"

#include <array>

#include "base/encoding.h"

namespace gatehouse::session {

HandleMaker::HandleMaker(const KeyRing& keys) : key_(keys.derive("handle").front()) {}

std::string HandleMaker::of(const SessionId& id) const {
  constexpr std::size_t kBytes = 16;
  const std::array<std::string_view, 1> parts = {id.view()};
  const auto mac = key_.of(parts);
  return base64url_encode({mac.data(), kBytes});
}

}  // namespace gatehouse::session
